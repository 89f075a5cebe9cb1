/** What every healthy completion says: sixty words. */
export const ANSWER =
  'A gateway is judged on the day its provider fails, not before. It waits when told to wait, retries what may ' +
  'heal, leaves alone what cannot, and asks another model in time. It never passes half an answer off as whole. ' +
  'Whoever calls it sees one reply, or one honest error, and may go back to their own work again.'

export const QUESTION = 'When does a gateway between products and models earn trust?'

/** Pieces of a stream, a word each. */
export const TOKENS: readonly string[] = ANSWER.split(' ').map((word, i) => (i === 0 ? word : ` ${word}`))

/** Whether a text is the answer, whatever its white space. */
export function isWhole(text: string): boolean {
  return text.split(/\s+/).filter(Boolean).join(' ') === ANSWER
}

export function countWords(text: string): number {
  return text.split(/\s+/).filter(Boolean).length
}
