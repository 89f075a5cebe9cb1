import { Buffer } from 'node:buffer'
import type { Message } from '../../domain/dataset/transcript.ts'

/** Bytes of text, as JSON, that a trace keeps: a queue message holds 128 KB, and the rest of a span is small. */
const MAX_TRACED_BYTES = 100_000
/** Bytes of a message around its text. */
const MESSAGE_BYTES = 40

/**
 * Cuts a conversation to what a trace can hold. The answer comes first, then what the model was told to know, then the
 * newest messages; what there is no room for is cut off or left out.
 */
export function fitTrace({ messages, response }: { messages: readonly Message[]; response: string | null }): {
  messages: Message[]
  response: string | null
} {
  // The common case, told without counting bytes: a character takes at most six, as \u0000.
  const chars = messages.reduce((sum, { content }) => sum + content.length, response?.length ?? 0)
  if (chars * 6 + messages.length * MESSAGE_BYTES < MAX_TRACED_BYTES)
    return { messages: [...messages], response }
  let left = MAX_TRACED_BYTES
  const take = (text: string): string => {
    const kept = cut(text, left)
    left -= jsonBytes(kept)
    return kept
  }
  const answer = response === null ? null : take(response)
  const kept = new Map<Message, string>()
  const newestFirst = messages.toReversed()
  const inOrder = [
    ...newestFirst.filter(({ role }) => role === 'system'),
    ...newestFirst.filter(({ role }) => role !== 'system'),
  ]
  for (const message of inOrder) {
    left -= MESSAGE_BYTES
    if (left <= 0) break
    kept.set(message, take(message.content))
  }
  return {
    response: answer,
    messages: messages.flatMap((message) => {
      const content = kept.get(message)
      return content === undefined ? [] : [{ ...message, content }]
    }),
  }
}

/** The longest beginning, about, that takes no more than so many bytes. */
function cut(text: string, bytes: number): string {
  let kept = text
  for (let size = jsonBytes(kept); size > bytes && kept !== ''; size = jsonBytes(kept))
    kept = kept.slice(0, Math.floor(kept.length * Math.min(0.95, Math.max(0, bytes) / size)))
  return kept
}

function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text))
}
