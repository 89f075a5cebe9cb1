import type { Message } from '../dataset/transcript.ts'
import { contentStems, tokenise } from './text/stems.ts'

/** Thanks, greetings and consent: they ask for nothing. Stop words are dropped before. */
const PLEASANTRIES = new Set([
  'thank',
  'thanks',
  'cheer',
  'great',
  'perfect',
  'good',
  'bye',
  'goodby',
  'day',
  'nice',
  'lot',
  'much',
  'sure',
  'correct',
  'right',
  'fine',
  'awesom',
  'wonder',
  'appreci',
  'everyth',
  'need',
  'help',
  'cool',
  'night',
  'evening',
  'even',
  'morn',
])

/** The request: the customer's last message that asks for something, and what the customer said before it. */
export function customerRequest(messages: readonly Message[]): { request: string; earlier: string[] } {
  const said = messages.filter((message) => message.role === 'user').map((message) => message.content)
  let at = said.length - 1
  while (at > 0 && isPleasantry(said[at] ?? '')) at--
  return { request: said[at] ?? '', earlier: said.slice(0, Math.max(0, at)) }
}

/** "Thanks, that is all I needed." Long messages are never one. */
export function isPleasantry(text: string): boolean {
  return text.length <= 120 && contentStems(tokenise(text)).every((stem) => PLEASANTRIES.has(stem))
}
