import type { Message } from '../../domain/dataset/transcript.ts'
import { sentencesOf } from './knowledge.ts'

/** Name of the frozen encoder. Any change of a feature needs a new name: adapters are bound to it. */
export const ENCODER = 'hashed-ngrams-v1'
/** Length of an encoding. A power of two, so that an index is the low bits of the hash. */
export const DIMENSIONS = 8192

/** A sparse vector: `weights[i]` stands at `indices[i]`. Indices ascend. */
export interface Features {
  readonly indices: Uint32Array
  readonly weights: Float32Array
}

/** A stretch of text with its own features. The same word in two namespaces is two features. */
interface Part {
  namespace: string
  text: string
  weight: number
  /** Words alone, where the spelling forgiveness of letters is not worth its time. */
  wordsOnly?: boolean
}

/** Words tell more than letters; letters forgive spelling and word forms. */
const WORD_WEIGHT = 1
const CHARACTER_WEIGHT = 0.7
const MIN_GRAM = 3
const MAX_GRAM = 5
/** Characters read of one message, from its end: what is asked stands last. Bounds the time of an answer. */
const MAX_CHARACTERS = 2000
/** Sentences read of a conversation, the latest. */
const MAX_SENTENCES = 16
const TURN_WEIGHT = 0.5
/** Messages of the customer in a question, the latest, and the weight of each beside the next. */
const MAX_TURNS = 6
const RECENCY = 0.8
/** One common namespace for questions and knowledge, so that their cosine means something. */
const PLAIN = 'plain'

/**
 * The sentences of a conversation, the latest ones, each an encoding of its own with who said it and how many turns
 * ago. "Yes, that's correct" alone says little: what was asked may stand in any turn.
 */
export function encodeConversation(messages: readonly Message[]): Features[] {
  const lastUser = messages.findLastIndex((message) => message.role === 'user')
  const turns = messages.slice(0, lastUser + 1).filter((message) => message.role !== 'system')
  const sentences = turns.flatMap(({ role, content }, at) =>
    sentencesOf(content).map((text) => ({ role, text, ago: turns.length - 1 - at })),
  )
  return sentences.slice(-MAX_SENTENCES).map(({ role, text, ago }) =>
    encode([
      { namespace: role, text, weight: 1 },
      { namespace: 'turn', text: `${role} ${counted(ago)}`, weight: TURN_WEIGHT, wordsOnly: true },
    ]),
  )
}

/** A small number as a word: digits are all alike to the encoder. */
function counted(n: number): string {
  return 'i'.repeat(Math.min(n, 6) + 1)
}

/** What the customer wants to know, in the namespace of `encodeKnowledge`. */
export function encodeQuestion(messages: readonly Message[]): Features {
  const asked = messages.filter((message) => message.role === 'user').slice(-MAX_TURNS)
  return encode(
    asked.map(({ content }, at) => ({
      namespace: PLAIN,
      text: content,
      weight: RECENCY ** (asked.length - 1 - at),
    })),
  )
}

/** One line of knowledge, to be compared with a question. */
export function encodeKnowledge(line: string): Features {
  return encode([{ namespace: PLAIN, text: line, weight: 1 }])
}

/**
 * One line of knowledge for the learned score: by its words, which are well spelled, and by its position among the lines
 * of its kind, since backends list the best first.
 */
export function encodeItem(line: string, position: number): Features {
  return encode([
    { namespace: 'item', text: line, weight: 1, wordsOnly: true },
    { namespace: 'position', text: counted(position), weight: 0.3, wordsOnly: true },
  ])
}

/** Cosine of two encodings, which are of unit length. */
export function cosine(a: Features, b: Features): number {
  let sum = 0
  for (let i = 0, j = 0; i < a.indices.length && j < b.indices.length;) {
    const left = a.indices[i]!
    const right = b.indices[j]!
    if (left === right) sum += a.weights[i]! * b.weights[j]!
    if (left <= right) i++
    if (right <= left) j++
  }
  return sum
}

/**
 * Lower case. Digits become `#` and an e-mail address becomes one word: ids, amounts and addresses are shapes, and not
 * thousands of words that each stand in one row.
 */
export function words(text: string): string[] {
  const plain = text
    .slice(-MAX_CHARACTERS)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\S+@\S+/g, ' @ ')
    .replace(/\d/g, '#')
  return plain.match(/[\p{L}\p{M}]+(?:'[\p{L}]+)?|#+|[@?!€$£%]/gu) ?? []
}

/** Signed feature hashing (Weinberger et al. 2009) with sub-linear term frequency, each part and kind of unit length. */
function encode(parts: readonly Part[]): Features {
  const sums = new Map<number, number>()
  for (const { namespace, text, weight, wordsOnly } of parts) {
    const tokens = words(text)
    const seed = hash(namespace, 0x811c9dc5)
    add(sums, wordCounts(tokens, seed), weight * WORD_WEIGHT)
    if (!wordsOnly) add(sums, characterCounts(tokens, seed), weight * CHARACTER_WEIGHT)
  }
  return sparse(sums)
}

type Counts = Map<number, number>

function wordCounts(tokens: readonly string[], seed: number): Counts {
  const counts: Counts = new Map()
  tokens.forEach((token, at) => {
    const first = hash(token, seed)
    count(counts, first)
    const next = tokens[at + 1]
    if (next !== undefined) count(counts, hash(next, hash(' ', first)))
  })
  return counts
}

/** Character n-grams inside word boundaries. */
function characterCounts(tokens: readonly string[], seed: number): Counts {
  const counts: Counts = new Map()
  for (const token of tokens) {
    const padded = `<${token}>`
    for (let from = 0; from + MIN_GRAM <= padded.length; from++) {
      let state = hash('c', seed)
      const end = Math.min(padded.length, from + MAX_GRAM)
      for (let at = from; at < end; at++) {
        state = step(state, padded.charCodeAt(at))
        if (at - from + 1 >= MIN_GRAM) count(counts, state)
      }
    }
  }
  return counts
}

function count(counts: Counts, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function add(sums: Counts, counts: Counts, weight: number): void {
  let squares = 0
  for (const n of counts.values()) squares += (1 + Math.log(n)) ** 2
  if (squares === 0) return
  const scale = weight / Math.sqrt(squares)
  for (const [key, n] of counts) {
    const mixed = mix(key)
    const index = mixed & (DIMENSIONS - 1)
    const value = (mixed >>> 31 === 1 ? -scale : scale) * (1 + Math.log(n))
    sums.set(index, (sums.get(index) ?? 0) + value)
  }
}

function sparse(sums: Counts): Features {
  const indices = new Uint32Array(sums.size)
  let size = 0
  for (const index of sums.keys()) indices[size++] = index
  indices.sort()
  const weights = new Float32Array(size)
  let squares = 0
  for (let at = 0; at < size; at++) {
    const weight = (weights[at] = sums.get(indices[at]!)!)
    squares += weight * weight
  }
  const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares)
  for (let at = 0; at < size; at++) weights[at] = weights[at]! * scale
  return { indices, weights }
}

/** FNV-1a over UTF-16 units. */
function hash(text: string, seed: number): number {
  let state = seed
  for (let at = 0; at < text.length; at++) state = step(state, text.charCodeAt(at))
  return state
}

function step(state: number, unit: number): number {
  return Math.imul(state ^ unit, 0x01000193) >>> 0
}

/** Murmur3's finaliser: FNV's low bits alone are too regular for short strings. */
function mix(state: number): number {
  let h = state
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
