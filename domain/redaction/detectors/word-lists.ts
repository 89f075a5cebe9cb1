import nlp from 'compromise/two'
import coded from './word-lists.json' with { type: 'json' }

/** Tags by which compromise's word list marks a word as (part of) a name. */
const NAME_TAG = /^(?:Person|FirstName|MaleName|FemaleName|LastName)$/
const LAST_TAG = /^LastName$/
/** And what is written with a capital letter but is no person. */
const OTHER_TAG =
  /^(?:Place|City|Region|Country|Demonym|Organization|SportsTeam|Month|WeekDay|Currency|Unit)$/

interface Lists {
  /** Words of names by compromise's list. */
  tagged: ReadonlySet<string>
  first: ReadonlySet<string>
  last: ReadonlySet<string>
  /** Places, peoples, firms, months; phrases too. */
  other: ReadonlySet<string>
  countries: ReadonlySet<string>
  /** English words in common use (SCOWL up to size 35), but for what `isEnglish` derives. */
  english: ReadonlySet<string>
}

let lists: Lists | undefined

/** Read on first use: a Worker that redacts nothing should not pay for it at its start. */
export function wordLists(): Lists {
  return (lists ??= readLists(lexiconOf(nlp.model())))
}

function readLists(lexicon: Record<string, unknown>): Lists {
  const tagged = new Set<string>()
  const first = new Set(decode(coded.first))
  const last = new Set(decode(coded.last))
  const other = new Set<string>()
  const countries = new Set<string>()
  for (const [word, tags] of Object.entries(lexicon)) {
    for (const tag of [tags].flat()) {
      if (typeof tag !== 'string') continue
      if (tag === 'Country') countries.add(fold(word))
      if (OTHER_TAG.test(tag)) other.add(fold(word))
      if (NAME_TAG.test(tag) && word.length > 2) {
        tagged.add(word)
        if (LAST_TAG.test(tag)) last.add(fold(word))
        else first.add(fold(word))
      }
    }
  }
  return { tagged, first, last, other, countries, english: new Set(decode(coded.english)) }
}

/** Sorted words, each as the count of letters shared with the word before and the rest: half the size in the bundle. */
function decode(list: string): string[] {
  let word = ''
  return [...list.matchAll(/(\d)(\D*)/g)].map(
    ([, shared, rest]) => (word = word.slice(0, Number(shared)) + rest),
  )
}

/** Endings, and what may have stood in their place. */
const ENDINGS: readonly [ending: string, ...instead: string[]][] = [
  ['s', ''],
  ['es', '', 'y'],
  ['ed', '', 'e', 'y'],
  ['d', ''],
  ['ing', '', 'e'],
  ['ly', '', 'y'],
]

/** Whether a word in lower case is English in common use; "James" is no plural. */
export function isEnglish(word: string): boolean {
  const { english, first, last } = wordLists()
  if (english.has(word)) return true
  if (first.has(word) || last.has(word)) return false
  return ENDINGS.some(([ending, ...instead]) => {
    if (!word.endsWith(ending) || word.length < ending.length + 3) return false
    const base = word.slice(0, -ending.length)
    const single = /(?:ed|ing)$/.test(ending) && base.at(-1) === base.at(-2) ? base.slice(0, -1) : base
    return (
      english.has(single) ||
      instead.some((end) =>
        end === 'y' ? base.endsWith('i') && english.has(`${base.slice(0, -1)}y`) : english.has(base + end),
      )
    )
  })
}

function lexiconOf(model: unknown): Record<string, unknown> {
  const one: unknown = typeof model === 'object' && model !== null && 'one' in model ? model.one : undefined
  const lexicon: unknown =
    typeof one === 'object' && one !== null && 'lexicon' in one ? one.lexicon : undefined
  return typeof lexicon === 'object' && lexicon !== null ? { ...lexicon } : {}
}

/** Letters that Unicode does not decompose, as they are written where a keyboard lacks them. */
const PLAIN: Record<string, string> = {
  ł: 'l', ø: 'o', đ: 'd', ı: 'i', ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th', ð: 'd', '’': "'",
} // prettier-ignore

/** Lower case without accents, as the lists are kept: "Šárka" and "Sarka" are one name. */
export function fold(word: string): string {
  const lower = word.toLowerCase()
  if (/^[a-z' -]*$/.test(lower)) return lower
  return lower
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[łøđıßæœþð’]/g, (letter) => PLAIN[letter] ?? letter)
}
