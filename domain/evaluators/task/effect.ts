import { wordsOf } from '../tools/relevance.ts'

/** What a call does to the world: nothing, something, or it passes the conversation on to a person. */
export type Effect = 'reads' | 'changes' | 'hands-over'

const READS = new Set(
  'get list search find lookup look read fetch retrieve query show view display describe check verify validate calculate calc compute count compare think reason plan browse inspect estimate explain summarize summarise translate convert select filter rank recommend suggest is has can load ask say respond answer whoami ping help'.split(
    ' ',
  ),
)
const CHANGES = new Set(
  'add create update delete remove cancel set send modify change edit make pay transfer buy purchase reserve submit post put patch write insert upsert assign close enable disable activate deactivate approve reject register subscribe unsubscribe upload publish apply reset toggle resume suspend lock unlock replace refund exchange mark move rename start stop'.split(
    ' ',
  ),
)
/** Done twice, these leave what once leaves; a second booking or payment is another one. */
const SETS = new Set(
  'update delete remove cancel set modify change edit put upsert assign close enable disable activate deactivate approve reject reset resume suspend lock unlock replace rename start stop'.split(
    ' ',
  ),
)
const PASSES_ON = new Set([
  'transfer',
  'escalate',
  'handoff',
  'handover',
  'hand',
  'forward',
  'connect',
  'route',
])
const PEOPLE = new Set(
  'human humans agent agents operator operators representative representatives supervisor staff person'.split(
    ' ',
  ),
)

/**
 * What a tool does, told by its name. A name that opens with a verb of reading reads; else a verb of changing anywhere in
 * it changes; else a verb of reading anywhere reads (`order_lookup`); and a name that says neither changes, since the
 * safe guess is that it matters. "Check in" and "check out" change. Handing over to a person changes no record.
 */
export function effectOf(name: string): Effect {
  const words = verbsAndNouns(name)
  const [first = '', second = ''] = words
  if (words.some((word) => PASSES_ON.has(word)) && words.some((word) => PEOPLE.has(word))) return 'hands-over'
  if (first === 'check' && (second === 'in' || second === 'out')) return 'changes'
  if (READS.has(first)) return 'reads'
  if (words.some((word) => CHANGES.has(word))) return 'changes'
  return words.some((word) => READS.has(word)) ? 'reads' : 'changes'
}

/** Whether the same call again changes nothing more. */
export function isIdempotent(name: string): boolean {
  return verbsAndNouns(name).some((word) => SETS.has(word))
}

/** The words of a name, without the namespace before its last dot. */
function verbsAndNouns(name: string): string[] {
  return wordsOf(name.slice(name.lastIndexOf('.') + 1))
    .toLowerCase()
    .split(' ')
    .filter(Boolean)
}
