import type { ToolCall } from '../../dataset/tool-call.ts'
import type { Evaluated } from '../evaluator.ts'
import { MAX_ANSWER_CHARS } from '../limits.ts'
import { customerRequest } from '../request.ts'
import { relevanceOfItems } from '../retrieval/lexical-match.ts'
import { round } from '../source.ts'
import { factBase, valueTokens } from '../text/facts.ts'
import { idfOf, weightedCoverage } from '../text/idf.ts'
import { contentStems } from '../text/stems.ts'
import { groundedValue, saidOf } from '../tools/grounding.ts'
import { claimsChange } from './claim.ts'
import { type EffectNames, changesState } from './end-state.ts'
import { unsupportedShare } from './facts.ts'
import type { TaskRow } from './row.ts'

/** Words by which an agent says that something was or will be done. */
const COMMITMENT =
  /\b(?:i|we)(?:'ll|’ll|'ve|’ve| will| have| am| are|'m|’m)\b|\b(?:has|have|will|is|are) (?:now )?(?:be|been|being)\b|\byou (?:can|will|should|need)\b|\bplease\b/i

/** What each further turn of the customer adds to the effort. */
const EFFORT = 0.1
/** What is left of the score when the values of the changes came from nobody; and when a change is claimed that none made. */
const UNSAID_KEEPS = 0.25
const FALSE_CLAIM_KEEPS = 0.5

/** A, C, U and, where the calls are known, G, N and the rest of TaskCompletion's docstring. */
export function withoutReference(given: TaskRow, names: EffectNames): Evaluated {
  const { input, context, customer, calls } = given
  const { request, answered: before } = customerRequest(input.messages)
  // What a customer only thanks for was done before.
  const text = [...before, given.answer.text].join('\n').slice(-MAX_ANSWER_CHARS)
  const answer = { ...given.answer, text }
  const row = { ...given, answer }
  const wanted = contentStems(valueTokens(request.slice(0, 4000)))
  if (wanted.length === 0) return { error: 'no customer message with content: there is no task to complete' }
  if (answer.text.trim() === '' && !calls?.length)
    return { score: 0, reason: 'The answer is empty, and no call was made.', weak: true }
  const changes = calls?.filter((call) => !call.failed && changesState(call.name, names))
  const addressed = addressedShare(wanted, row)
  const committed = changes && changes.length > 0 ? 1 : namedCommitment(row)
  const unsupported = unsupportedShare(answer.text, factBase([...context, ...customer]))
  const answered = (1 - unsupported) * (0.6 * addressed + 0.4 * committed)
  const way = calls && changes && wayThere(row, calls, changes)
  return {
    score: round(way ? scoreOfWay(way, answered) : answered),
    reason: reasonOf(addressed, unsupported, way?.claimsFalsely ?? false),
    evidence: {
      addressed: round(addressed),
      committed,
      unsupported: round(unsupported),
      made: changes ? changes.slice(0, 20).map(({ name }) => name.slice(0, 100)) : answer.actions,
      ...(way ? { ...way, grounded: round(way.grounded) } : {}),
    },
    weak: true,
  }
}

function reasonOf(addressed: number, unsupported: number, claimsFalsely: boolean): string {
  const takesUp = `No expected answer to compare with; the reply takes up ${Math.round(addressed * 100)}% of what the request is about`
  const states = unsupported > 0 ? ' and states facts that the context lacks' : ''
  return `${takesUp}${states}${claimsFalsely ? ', and says that something was done that no call did' : ''}.`
}

/** A: how far the reply takes up the request and the context item closest to it. */
function addressedShare(wanted: readonly string[], { answer, context }: TaskRow): number {
  const items = context.map((item) => contentStems(valueTokens(item.text, item.tokens)))
  const idf = idfOf(items)
  const said = new Set(contentStems(valueTokens(answer.text)))
  const takesUp = [weightedCoverage(wanted, (stem) => said.has(stem), idf)]
  const relevance = items.length > 0 ? relevanceOfItems(new Map(wanted.map((stem) => [stem, 1])), items) : []
  const closest = items[relevance.indexOf(Math.max(...relevance))]
  if (closest && closest.length > 0) takesUp.push(weightedCoverage(closest, (stem) => said.has(stem), idf))
  return takesUp.reduce((sum, part) => sum + Math.min(1, 2 * part), 0) / takesUp.length
}

/** C: by the actions that the answer names, or by its words. */
function namedCommitment({ answer }: TaskRow): number {
  return answer.actions.length > 0 ? 1 : COMMITMENT.test(answer.text) ? 0.5 : 0
}

/** What the calls tell of the way to the answer. */
interface Way {
  calls: number
  /** G: how far the customer said the values that the changes were made with. */
  grounded: number
  /** N: how often the customer had to speak, up to the request. */
  turns: number
  /** A change is claimed that no call and no named action made. */
  claimsFalsely: boolean
}

function wayThere(row: TaskRow, calls: readonly ToolCall[], changes: readonly ToolCall[]): Way {
  const { answer, input } = row
  return {
    calls: calls.length,
    grounded: groundedShare(changes, row),
    turns: customerRequest(input.messages).earlier.length + 1,
    claimsFalsely: changes.length === 0 && answer.actions.length === 0 && claimsChange(answer.text),
  }
}

function scoreOfWay({ calls, grounded, turns, claimsFalsely }: Way, answered: number): number {
  const share = 1 / Math.max(1, calls)
  return (
    ((1 - share + share * answered) *
      (UNSAID_KEEPS + (1 - UNSAID_KEEPS) * grounded) *
      (claimsFalsely ? FALSE_CLAIM_KEEPS : 1)) /
    (1 + EFFORT * Math.max(0, turns - 1))
  )
}

/** G: mean over the arguments of the changes of how far the customer said their values; 1 when nothing was changed. */
function groundedShare(changes: readonly ToolCall[], { customer }: TaskRow): number {
  const said = saidOf(customer.map(({ text }) => text))
  const shares = changes
    .flatMap((call) => Object.values(call.arguments).map((value) => groundedValue(value, undefined, said)))
    .filter((share) => share !== undefined)
  return shares.length === 0 ? 1 : shares.reduce((sum, share) => sum + share, 0) / shares.length
}
