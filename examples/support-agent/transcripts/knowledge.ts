import type { Knowledge } from '../../../domain/dataset/transcript.ts'
import type { Cohort, Intent } from './cohort.ts'
import { COHORTS } from './cohorts/index.ts'
import type { Customer } from './customers.ts'
import { expand } from './pattern.ts'
import type { Random } from './random.ts'
import { type Fields, type RecordKind, createRecord } from './records.ts'

/** How often a wrong passage is from the same product area. */
const RELATED = 0.7
const MAX_ITEMS = 6

export interface Found {
  items: Knowledge[]
  /** The sentence that answers, with the numbers that hold for this customer. */
  policy: string
}

/** What retrieval found: the record in question, often a second one, the right passage, and 1 to 3 wrong ones. */
export function findKnowledge(
  cohort: Cohort,
  intent: Intent,
  record: Fields,
  customer: Customer,
  random: Random,
): Found {
  const records = [recordItem(intent.record, record)]
  const second: RecordKind = intent.record === 'account' ? 'order' : 'account'
  if (random.chance(0.5)) records.push(recordItem(second, createRecord(second, customer, random)))
  const { item, sentences } = passageItem(intent, random)
  const passages = [item]
  const wrong = random.int(1, Math.min(3, MAX_ITEMS - records.length - 1))
  for (const other of random.shuffle(otherIntents(cohort, intent, random)).slice(0, wrong))
    passages.push(passageItem(other, random).item)
  return { items: random.shuffle([...records, ...passages]), policy: sentences[intent.policy] ?? '' }
}

function otherIntents(cohort: Cohort, intent: Intent, random: Random): Intent[] {
  const from = random.chance(RELATED) ? [cohort] : COHORTS
  return from.flatMap((one) => one.intents).filter((one) => one !== intent)
}

function passageItem(intent: Intent, random: Random): { item: Knowledge; sentences: string[] } {
  const sentences = intent.passage.map((sentence) => expand(sentence, random))
  return { item: { id: `kb-${intent.intent}`, text: sentences.join(' ') }, sentences }
}

function recordItem(kind: RecordKind, fields: Fields): Knowledge {
  const text = Object.entries(fields)
    .map(([key, value]) => `${key}: ${value}`)
    .join('; ')
  return { id: `record-${kind}`, text, fields }
}
