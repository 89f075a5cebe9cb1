import { actionNames } from '../answer.ts'
import type { Evaluated } from '../evaluator.ts'
import { readTexts, round } from '../source.ts'
import { factBase } from '../text/facts.ts'
import { type EffectNames, type EndState, compareEndState } from './end-state.ts'
import { factRecall, unsupportedShare } from './facts.ts'
import type { TaskRow } from './row.ts'

/** J and F of TaskCompletion's docstring. */
export function withReference(row: TaskRow, names: EffectNames): Evaluated {
  const acts = row.due ? compareEndState(row.calls ?? [], row.due, names) : namedActions(row)
  const facts = conveyed(row)
  return {
    score: round(acts.score * (0.5 + 0.5 * facts.share)),
    reason: reasonOf(acts, facts.recall),
    evidence: {
      actions: round(acts.score),
      made: acts.made,
      due: acts.due,
      ...(facts.recall === undefined ? {} : { factRecall: round(facts.recall) }),
      ...(facts.unsupported === undefined ? {} : { unsupported: round(facts.unsupported) }),
    },
  }
}

/** The actions that the answer names against those of the expected answer. */
function namedActions({ answer, expected }: TaskRow): EndState {
  const made = answer.actions
  const due = actionNames(expected?.action)
  const union = new Set([...made, ...due])
  return {
    score: union.size === 0 ? 1 : made.filter((name) => due.includes(name)).length / union.size,
    made,
    due,
    left: due.filter((name) => !made.includes(name)),
    extra: made.filter((name) => !due.includes(name)),
  }
}

/** F: of the expected reply, else of the texts that must have been said somewhere, else whole. */
function conveyed({ input, answer, context, customer, expected }: TaskRow): {
  share: number
  recall?: number
  unsupported?: number
} {
  if (expected) {
    const wanted = readTexts([expected.reply]).read
    const recall = factRecall(wanted, answer.text)
    const unsupported = unsupportedShare(answer.text, factBase([...wanted, ...context, ...customer]))
    return { share: recall * (1 - 0.5 * unsupported), recall, unsupported }
  }
  if (typeof input.reference !== 'string' || input.reference.trim() === '') return { share: 1 }
  const earlier = input.messages.filter(({ role }) => role === 'assistant').map(({ content }) => content)
  const said = readTexts([answer.text, ...earlier.toReversed()]).read.map(({ text }) => text)
  const recall = factRecall(readTexts([input.reference]).read, said.join('\n'))
  return { share: recall, recall }
}

function reasonOf({ left, extra }: EndState, recall: number | undefined): string {
  const parts = [
    ...(left.length > 0 ? [`left undone: ${left.slice(0, 5).join(', ')}`] : []),
    ...(extra.length > 0 ? [`not asked for: ${extra.slice(0, 5).join(', ')}`] : []),
  ]
  const actions = parts.length > 0 ? `Actions ${parts.join('; ')}` : 'The actions are those expected'
  return recall === undefined
    ? `${actions}.`
    : `${actions}; the reply conveys ${Math.round(recall * 100)}% of the expected facts.`
}
