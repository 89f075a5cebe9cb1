import type { EvaluatorInput } from './evaluator.ts'
import { MAX_SOURCE_CHARS, MAX_SOURCE_ITEMS } from './limits.ts'
import { type Token, tokenise } from './text/stems.ts'

/** A text read once, with its tokens. */
export interface ReadText {
  text: string
  tokens: Token[]
  /** Which of the given texts it is, from 0. */
  item: number
}

/** Reads texts in order until the limit of a row's source text is reached. */
export function readTexts(texts: readonly string[]): { read: ReadText[]; truncated: boolean } {
  const read: ReadText[] = []
  let left = MAX_SOURCE_CHARS
  for (const [item, whole] of texts.entries()) {
    if (left <= 0 || item >= MAX_SOURCE_ITEMS) return { read, truncated: true }
    const text = whole.slice(0, left)
    left -= text.length
    if (text.trim() !== '') read.push({ text, tokens: tokenise(text), item })
    if (text.length < whole.length) return { read, truncated: true }
  }
  return { read, truncated: false }
}

/** What is wrong with an input that comes from outside the types, or undefined. */
export function inputProblem(input: EvaluatorInput): string | undefined {
  if (typeof input !== 'object' || input === null) return 'the input is no object'
  if (typeof input.response !== 'string') return 'response is missing or no text'
  if (!Array.isArray(input.context) || input.context.some((item) => typeof item !== 'string')) {
    return 'context is missing or no list of texts'
  }
  const messages: unknown = input.messages
  if (!Array.isArray(messages) || messages.some((message) => typeof message?.content !== 'string')) {
    return 'messages is missing or no list of {role, content}'
  }
  return undefined
}

/** What the customer said, oldest first. */
export function customerTexts(input: EvaluatorInput): string[] {
  return input.messages.filter((message) => message.role === 'user').map((message) => message.content)
}

/** Rounds a score or a share for evidence: four digits, so that golden scores read well. */
export function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
