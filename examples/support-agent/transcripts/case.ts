import type { Transcript } from '../../../domain/dataset/transcript.ts'
import type { Cohort, Intent } from './cohort.ts'
import { COHORTS } from './cohorts/index.ts'
import { converse } from './conversation.ts'
import { createCustomer } from './customers.ts'
import { findKnowledge } from './knowledge.ts'
import { expand } from './pattern.ts'
import type { Random } from './random.ts'
import { createRecord } from './records.ts'
import { STYLES } from './styles.ts'

/** Share of requests that two intents understand equally well. */
const AMBIGUOUS = 0.03

/** One case of a product area: conversation, knowledge, and the good answer. */
export function createCase(cohort: Cohort, random: Random): Transcript {
  const { intent, ask } = chooseIntent(cohort, random)
  const customer = createCustomer(random)
  const record = createRecord(intent.record, customer, random)
  const style = random.pick(STYLES)
  const situation = { cohort, intent, customer, record, style, ...(ask === undefined ? {} : { ask }) }
  const { messages, flow } = converse(situation, random)
  const { items, policy } = findKnowledge(cohort, intent, record, customer, random)
  const reply = expand(random.skewed(intent.replies), random, { ...record, policy })
  return {
    messages,
    knowledge: items,
    expected: { intent: intent.intent, action: intent.action, reply },
    attributes: {
      tier: customer.tier,
      language: customer.language,
      style,
      flow,
      ambiguous: ask === undefined ? 'no' : 'yes',
    },
  }
}

/** Areas in shuffled blocks, each as often as customers write about it: the shares hold in any stretch of rows. */
export function* cohortSequence(random: Random): Generator<Cohort, never> {
  const block = COHORTS.flatMap((cohort) => Array.from({ length: cohort.weight }, () => cohort))
  for (;;) yield* random.shuffle(block)
}

function chooseIntent(cohort: Cohort, random: Random): { intent: Intent; ask?: string } {
  if (!random.chance(AMBIGUOUS)) return { intent: random.pick(cohort.intents) }
  const { intents, ask } = random.pick(cohort.ambiguous)
  const name = random.pick(intents)
  const intent = cohort.intents.find((one) => one.intent === name)
  if (!intent) throw new RangeError(`cohort ${cohort.name} has no intent ${name}`)
  return { intent, ask }
}
