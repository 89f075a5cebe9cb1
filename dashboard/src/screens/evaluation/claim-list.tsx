import { Icon, type Shape } from '../../components/icon.tsx'
import { percent } from '../../format/number.ts'
import type { ClaimShown } from './claims.ts'

const MARKS: Record<NonNullable<ClaimShown['verdict']>, [shape: Shape, tone: string]> = {
  supported: ['check', 'good'],
  unsupported: ['question', 'unsure'],
  contradicted: ['cross', 'bad'],
}

/** That stands beside it anyway. */
const SAYS_SUPPORT = /^support of /

/** Sentence by sentence: how far the context bears it out, what it lacks, and what it says against. */
export function ClaimList({ claims }: { claims: readonly ClaimShown[] }) {
  return (
    <ol class="claims">
      {claims.map((claim, index) => (
        <li key={index} class={claim.contradictions.length > 0 ? 'contradicted' : undefined}>
          <p class="claim">“{claim.text}”</p>
          <p class="support">
            {claim.support !== null && (
              <>
                <svg class="support-bar" viewBox="0 0 100 8" aria-hidden="true">
                  <rect class="whole" width="100" height="8" />
                  <rect class="part" width={100 * claim.support} height="8" />
                </svg>{' '}
                {percent(claim.support)} borne out
              </>
            )}
            {claim.verdict !== null && <Verdict claim={claim} verdict={claim.verdict} />}
          </p>
          <Lacks what="Numbers that nothing mentions" items={claim.missingNumbers} tone="bad" />
          <Lacks what="Names that nothing mentions" items={claim.missingEntities} tone="bad" />
          <Lacks what="Against it" items={claim.contradictions} tone="bad" />
          <Lacks what="Words that the context lacks" items={claim.missingTerms} tone="quiet" />
          {claim.window !== null && (
            <p class="window">
              <small>Nearest in the context:</small> {claim.window}
            </p>
          )}
        </li>
      ))}
    </ol>
  )
}

function Verdict({ claim, verdict }: { claim: ClaimShown; verdict: NonNullable<ClaimShown['verdict']> }) {
  const [shape, tone] = MARKS[verdict]
  return (
    <span class={`mark ${tone}`}>
      <Icon shape={shape} /> {verdict}
      {claim.because !== null && !SAYS_SUPPORT.test(claim.because) && <small> {claim.because}</small>}
    </span>
  )
}

function Lacks({ what, items, tone }: { what: string; items: readonly string[]; tone: 'bad' | 'quiet' }) {
  if (items.length === 0) return null
  return (
    <p class="lacks">
      <small>{what}:</small>{' '}
      {items.map((item, index) => (
        <span key={index} class={`lacking ${tone}`}>
          {item}
        </span>
      ))}
    </p>
  )
}
