/** What was asked, in whichever API. */
export interface Conversation {
  /** What the last message is: a user's word, or what tools answered. */
  last: { role: 'user'; text: string } | { role: 'tool'; texts: string[] }
  tools: string[]
  wantsJson: boolean
}

export type Said = { text: string } | { calls: { id: string; name: string; input: { city: string } }[] }

export const ANSWER = 'Parcels take three days.'
export const USAGE = { input: 12, output: 5 }

/** A model that is easily foreseen: it asks its first tool for each city it reads of, and tells what the tools said. */
export function said({ last, tools, wantsJson }: Conversation): Said {
  if (last.role === 'tool') return { text: `It is ${last.texts.join(' and ')}.` }
  const cities = ['Paris', 'Rome'].filter((city) => last.text.includes(city))
  if (tools.length > 0 && cities.length > 0)
    return { calls: cities.map((city, i) => ({ id: `call_${i}`, name: tools[0]!, input: { city } })) }
  return { text: wantsJson ? JSON.stringify({ city: cities[0] ?? 'none' }) : ANSWER }
}

/** A text in pieces, as models stream it. */
export function pieces(text: string, size = 6): string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size))
}
