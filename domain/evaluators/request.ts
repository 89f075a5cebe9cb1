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

/** What the customer asks for. */
export interface CustomerRequest {
  /** The customer's last message that asks for something. */
  request: string
  /** What the customer said before it, */
  earlier: string[]
  /** and what was answered to it before the customer only said thanks: the last answer is part of a longer one then. */
  answered: string[]
}

export function customerRequest(messages: readonly Message[]): CustomerRequest {
  const said = messages.flatMap(({ role }, place) => (role === 'user' ? [place] : []))
  const text = (place: number | undefined) => (place === undefined ? '' : (messages[place]?.content ?? ''))
  let at = said.length - 1
  while (at > 0 && isPleasantry(text(said[at]))) at--
  return {
    request: text(said[at]),
    earlier: said.slice(0, Math.max(0, at)).map(text),
    answered: messages
      .slice((said[at] ?? messages.length) + 1)
      .filter(({ role }) => role === 'assistant')
      .map(({ content }) => content),
  }
}

/** "Thanks, that is all I needed." Long messages are never one. */
function isPleasantry(text: string): boolean {
  return text.length <= 120 && contentStems(tokenise(text)).every((stem) => PLEASANTRIES.has(stem))
}
