import { type Answer, actionNames, readAnswer } from './answer.ts'
import type { Evaluated, Evaluator, EvaluatorInput } from './evaluator.ts'
import { relevanceOfItems } from './context-relevance.ts'
import { customerRequest } from './request.ts'
import { type ReadText, customerTexts, inputProblem, readTexts, round } from './source.ts'
import { type FactBase, factBase, factCount, factsOf, missingFacts, valueTokens } from './text/facts.ts'
import { idfOf, weightedCoverage } from './text/idf.ts'
import { contentStems, tokenise } from './text/stems.ts'

/**
 * Whether the answer did what the request asked for.
 *
 * With `expected`: `score = J × (0.5 + 0.5·F)`.
 * J = Jaccard of the actions made and those expected (|made ∩ due| / |made ∪ due|; 1 when none is due and none made), the
 * reference-based measure of tau-bench (Yao et al. 2024) made graded: a wrong or missing action leaves at most half.
 * F = R × (1 − 0.5·U): R = mean of the shares of the expected reply's numbers and dates, of its names and ids, and of its
 * content stems that the reply conveys (kinds that the expected reply lacks are left out); U = share of the reply's own
 * facts that neither expected reply, context nor customer holds.
 *
 * Without `expected`, marked weak: `score = (1 − U) × (0.6·A + 0.4·C)`. A = how far the reply takes up the request: mean
 * of the IDF-weighted coverage of the request and of the context item closest to it, each doubled and cut at 1, since a
 * good reply repeats about half. C = 1 when it names an action, 0.5 when its words commit to one, else 0. Thanks
 * at the end of a conversation tell nothing and are passed over.
 */
export const taskCompletion: Evaluator = {
  name: 'TaskCompletion',
  version: '1',
  engine: 'rule',
  summary: 'The answer did what was asked for, and nothing else.',
  inputs: ['response', 'context', 'messages', 'expected'],
  evaluate(input: EvaluatorInput): Evaluated {
    const problem = inputProblem(input)
    if (problem) return { error: problem }
    const expected: unknown = input.expected
    if (expected !== undefined && !isAnswer(expected))
      return { error: 'expected is no {intent, action, reply}' }
    const answer = readAnswer(input.response)
    const context = readTexts(input.context).read
    const customer = readTexts(customerTexts(input)).read
    return expected === undefined
      ? withoutReference(input, answer, context, customer)
      : withReference(expected, answer, context, customer)
  },
}

interface Expected {
  action: string
  reply: string
}

function isAnswer(value: unknown): value is Expected {
  return (
    typeof value === 'object' &&
    value !== null &&
    'action' in value &&
    'reply' in value &&
    typeof value.reply === 'string'
  )
}

function withReference(
  expected: Expected,
  answer: Answer,
  context: readonly ReadText[],
  customer: readonly ReadText[],
): Evaluated {
  const due = actionNames(expected.action)
  const actions = jaccard(answer.actions, due)
  const wanted = readTexts([expected.reply]).read
  const recall = factRecall(wanted, answer.text)
  const unsupported = unsupportedShare(answer.text, factBase([...wanted, ...context, ...customer]))
  const facts = recall * (1 - 0.5 * unsupported)
  const wrong = answer.actions.filter((name) => !due.includes(name))
  const left = due.filter((name) => !answer.actions.includes(name))
  return {
    score: round(actions * (0.5 + 0.5 * facts)),
    reason: actionReason(wrong, left, recall),
    evidence: {
      actions: round(actions),
      made: answer.actions,
      due,
      factRecall: round(recall),
      unsupported: round(unsupported),
    },
  }
}

function actionReason(wrong: readonly string[], left: readonly string[], recall: number): string {
  const parts = [
    ...(left.length > 0 ? [`left undone: ${left.slice(0, 5).join(', ')}`] : []),
    ...(wrong.length > 0 ? [`not asked for: ${wrong.slice(0, 5).join(', ')}`] : []),
  ]
  const actions = parts.length > 0 ? `Actions ${parts.join('; ')}` : 'The actions are those expected'
  return `${actions}; the reply conveys ${Math.round(recall * 100)}% of the expected facts.`
}

/** Share of two sets that is common; 1 for two empty sets. */
function jaccard(a: readonly string[], b: readonly string[]): number {
  const union = new Set([...a, ...b])
  return union.size === 0 ? 1 : a.filter((name) => b.includes(name)).length / union.size
}

/** R of the formula: mean over the kinds of fact that the expected reply has. 1 when it has none. */
function factRecall(wanted: readonly ReadText[], reply: string): number {
  const tokens = tokenise(reply)
  const base = factBase([{ text: reply, tokens }])
  const said = new Set(valueTokens(reply, tokens).map((token) => token.stem))
  const shares: number[] = []
  for (const { text, tokens } of wanted) {
    const facts = factsOf(text, tokens)
    const count = factCount(facts)
    const missing = missingFacts(facts, base)
    if (count.numbers > 0) shares.push(1 - missing.numbers.length / count.numbers)
    if (count.entities > 0) shares.push(1 - missing.entities.length / count.entities)
    const stems = new Set(contentStems(valueTokens(text, tokens)))
    if (stems.size > 0) shares.push([...stems].filter((stem) => said.has(stem)).length / stems.size)
  }
  return shares.length === 0 ? 1 : shares.reduce((sum, share) => sum + share, 0) / shares.length
}

/** U of both formulas: share of the reply's numbers, dates, names and ids that the base lacks. */
function unsupportedShare(reply: string, base: FactBase): number {
  const facts = factsOf(reply)
  const count = factCount(facts)
  const missing = missingFacts(facts, base)
  const total = count.numbers + count.entities
  return total === 0 ? 0 : (missing.numbers.length + missing.entities.length) / total
}

/** Words by which an agent says that something was or will be done. */
const COMMITMENT =
  /\b(?:i|we)(?:'ll|’ll|'ve|’ve| will| have| am| are|'m|’m)\b|\b(?:has|have|will|is|are) (?:now )?(?:be|been|being)\b|\byou (?:can|will|should|need)\b|\bplease\b/i

function withoutReference(
  input: EvaluatorInput,
  answer: Answer,
  context: readonly ReadText[],
  customer: readonly ReadText[],
): Evaluated {
  const { request } = customerRequest(input.messages)
  const wanted = contentStems(valueTokens(request.slice(0, 4000)))
  if (wanted.length === 0) return { error: 'no customer message with content: there is no task to complete' }
  if (answer.text.trim() === '') return { score: 0, reason: 'The answer is empty.', weak: true }
  const items = context.map((item) => contentStems(valueTokens(item.text, item.tokens)))
  const idf = idfOf(items)
  const said = new Set(contentStems(valueTokens(answer.text)))
  const takesUp = [weightedCoverage(wanted, (stem) => said.has(stem), idf)]
  const relevance = items.length > 0 ? relevanceOfItems(new Map(wanted.map((stem) => [stem, 1])), items) : []
  const closest = items[relevance.indexOf(Math.max(...relevance))]
  if (closest && closest.length > 0) takesUp.push(weightedCoverage(closest, (stem) => said.has(stem), idf))
  const addressed = takesUp.reduce((sum, part) => sum + Math.min(1, 2 * part), 0) / takesUp.length
  const committed = answer.actions.length > 0 ? 1 : COMMITMENT.test(answer.text) ? 0.5 : 0
  const unsupported = unsupportedShare(answer.text, factBase([...context, ...customer]))
  return {
    score: round((1 - unsupported) * (0.6 * addressed + 0.4 * committed)),
    reason: `No expected answer to compare with; the reply takes up ${Math.round(addressed * 100)}% of what the request is about${unsupported > 0 ? ' and states facts that the context lacks' : ''}.`,
    evidence: {
      addressed: round(addressed),
      committed,
      unsupported: round(unsupported),
      made: answer.actions,
    },
    weak: true,
  }
}
