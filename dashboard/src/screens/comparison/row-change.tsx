import type { RowChange } from '../../api/evaluation-views.ts'
import { Icon } from '../../components/icon.tsx'
import { points, score } from '../../format/number.ts'
import { Link } from '../../navigation/link.tsx'
import { wordDiff, type Piece } from './word-diff.ts'

interface RowChangeLineProps {
  change: RowChange
  evaluationId: string
  otherId: string
}

/** A row that one side answers better: both scores, both reasons and both answers side by side. */
export function RowChangeLine({ change: row, evaluationId, otherId }: RowChangeLineProps) {
  const { rowId, cohort, candidate, production, change, flip, answer, otherAnswer } = row
  const pieces = answer !== null && otherAnswer !== null ? wordDiff(otherAnswer, answer) : null
  const areSame = answer !== null && answer === otherAnswer
  return (
    <li>
      <header>
        <b>{rowId}</b> <small>{cohort}</small>
        <span class="change">
          {score(production)} → {score(candidate)} <b>{points(change)}</b>
        </span>
        {flip === 'pass_to_fail' && (
          <span class="mark bad">
            <Icon shape="cross" /> no longer passes
          </span>
        )}
        {flip === 'fail_to_pass' && (
          <span class="mark good">
            <Icon shape="check" /> passes now
          </span>
        )}
      </header>
      {areSame && <p class="quiet">Both gave the same answer.</p>}
      <div class="sides">
        <Answer
          title="Other"
          text={otherAnswer}
          pieces={pieces}
          side="other"
          reason={row.otherReason}
          href={rowHref(otherId, rowId)}
        />
        <Answer
          title="This"
          text={answer}
          pieces={pieces}
          side="this"
          reason={row.reason}
          href={rowHref(evaluationId, rowId)}
        />
      </div>
    </li>
  )
}

interface AnswerProps {
  title: string
  text: string | null
  pieces: readonly Piece[] | null
  side: 'other' | 'this'
  reason: string | null
  href: string
}

function Answer({ title, text, pieces, side, reason, href }: AnswerProps) {
  return (
    <div class="side">
      <p>
        <small>
          <Link href={href}>{title}</Link>
        </small>
      </p>
      <blockquote class="text">
        {text === null && <span class="quiet">no answer</span>}
        {text !== null && !pieces && text}
        {pieces
          ?.filter((piece) => piece.in === 'both' || piece.in === side)
          .map((piece, index) => (
            <Marked key={index} piece={piece} />
          ))}
      </blockquote>
      {reason !== null && <p class="reason">{reason}</p>}
    </div>
  )
}

function Marked({ piece: { text, in: where } }: { piece: Piece }) {
  if (where === 'both' || text.trim() === '') return <>{text}</>
  return where === 'this' ? <ins>{text}</ins> : <del>{text}</del>
}

function rowHref(evaluationId: string, rowId: string): string {
  return `/evaluations/${evaluationId}?row=${encodeURIComponent(rowId)}`
}
