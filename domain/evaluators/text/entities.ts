import { STOP_WORDS } from './stopwords.ts'
import { stemOf, type Token } from './stems.ts'

/** A name or id that a text mentions, with the stems that a source must hold to support it. */
export interface EntityMention {
  text: string
  start: number
  stems: string[]
}

/** An id: letters and digits in one word, such as `A-20318` or `HAT056`. `2nd` and `5pm` are none. */
const ID = /^(?=.*\d)(?=.*\p{L})[\p{L}\p{N}_-]{4,40}$/u
const MEASURE = /^\d+(?:st|nd|rd|th|am|pm|[\p{L}]{1,2})$|^\d+-[\p{L}-]+$/iu

/** What a full stop may follow inside a name: `J. Smith`, `St. Louis`. */
const INITIAL = /^(?:\p{Lu}|Mr|Mrs|Ms|Dr|Prof|St)$/u

/** Capitalised without being a name. */
const COMMON = new Set(
  'i ill im ive hello hi hey dear thanks sorry unfortunately monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december'.split(
    ' ',
  ),
)

/**
 * Runs of capitalised words and ids. A capitalised word that opens a sentence may be any word: it counts only when
 * another capitalised word follows. `text` must be what `tokens` were made from.
 */
export function entityMentions(text: string, tokens: readonly Token[]): EntityMention[] {
  const found: EntityMention[] = []
  let run: Token[] = []
  let runOpensSentence = false
  const flush = () => {
    const words = run.filter((token) => !STOP_WORDS.has(token.text.toLowerCase()))
    const first = run[0]
    const last = run.at(-1)
    if (first && last && words.length > 0 && !(runOpensSentence && run.length === 1)) {
      const stems = words.map((token) => token.stem)
      found.push({ text: text.slice(first.start, last.start + last.text.length), start: first.start, stems })
    }
    run = []
  }
  for (const token of tokens) {
    const gap =
      run.length > 0 ? text.slice((run.at(-1)?.start ?? 0) + (run.at(-1)?.text.length ?? 0), token.start) : ''
    if (gap !== ' ' && gap !== '-' && gap !== '. ') flush()
    if (ID.test(token.text) && !MEASURE.test(token.text)) {
      flush()
      found.push({ text: token.text, start: token.start, stems: [token.stem] })
    } else if (/^\p{Lu}/u.test(token.text) && !COMMON.has(token.text.toLowerCase().replace(/['’]/g, ''))) {
      if (run.length === 0) runOpensSentence = opensSentence(text, token.start)
      if (gap === '. ' && !INITIAL.test(run.at(-1)?.text ?? '')) {
        flush()
        runOpensSentence = true
      }
      run.push(token)
    } else flush()
  }
  flush()
  return found
}

/** Whether nothing but marks stands between the place and the end of a sentence, a line or the text's start. */
function opensSentence(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 6), at)
  return /(?:^|[.!?:\n•*"“(-])[\s"“'(*]*$/u.test(at <= 6 ? text.slice(0, at) : before)
}

/** Whether a set of stems holds every word of the mention. */
export function entitySupported(entity: EntityMention, stems: ReadonlySet<string>): boolean {
  return entity.stems.every((stem) => stems.has(stem) || stems.has(stemOf(stem)))
}
