import type { Customer } from './customers.ts'
import { expand } from './pattern.ts'
import type { Random } from './random.ts'

/** How a customer writes. Applied to each of their messages. */
export const STYLES = [
  'plain',
  'terse',
  'polite',
  'ranting',
  'non-native',
  'typos',
  'lower-case',
  'emoji',
] as const
export type Style = (typeof STYLES)[number]

const POLITE_OPENERS = {
  en: '(Hello|Hi there|Good morning|Dear support team|Good evening), (I hope you are well.|thanks for your help.|sorry to bother you.|)',
  es: '(Hola|Buenos días|Buenas tardes), (espero que estén bien.|)',
  de: '(Guten Tag|Hallo|Sehr geehrtes Team), (ich hoffe, es geht Ihnen gut.|)',
}
const POLITE_CLOSERS = {
  en: '(Many thanks|Kind regards|Thank you so much|Best wishes), {name}',
  es: '(Muchas gracias|Un saludo), {name}',
  de: '(Vielen Dank|Mit freundlichen Grüßen), {name}',
}
const RANTS = {
  en: '(This is the THIRD time I write!!|Seriously?!|I am fed up.|Unbelievable service.|Honestly, what a mess!)',
  es: '(¡Ya está bien!|¡Qué vergüenza!|Estoy harto.)',
  de: '(Das ist eine Frechheit!|Zum dritten Mal!!|Mir reicht es.)',
}
const EMOJI = ['🙏', '😡', '😅', '🤔', '📦', '😕', '👍', '🙄']

export function applyStyle(text: string, style: Style, customer: Customer, random: Random): string {
  return STYLERS[style](text, customer, random)
}

const STYLERS: Record<Style, (text: string, customer: Customer, random: Random) => string> = {
  plain: (text) => capitalised(text),
  terse: (text) =>
    text
      .replace(/\b(?:please|can you|could you|I want to|I would like to|I need to|just)\b ?/gi, '')
      .trim() || text,
  polite: (text, { language, name }, random) =>
    [
      expand(POLITE_OPENERS[language], random),
      capitalised(text),
      random.chance(0.6) ? expand(POLITE_CLOSERS[language], random, { name }) : '',
    ]
      .join(' ')
      .trim(),
  ranting(text, { language }, random) {
    const rant = expand(RANTS[language], random)
    const loud = text.replace(/\p{L}{5,}/gu, (word) => (random.chance(0.25) ? word.toUpperCase() : word))
    return random.chance(0.5) ? `${rant} ${capitalised(loud)}!` : `${capitalised(loud)}!! ${rant}`
  },
  'non-native': (text, _, random) =>
    text
      .replace(/\b(?:the|a|an) /gi, (word) => (random.chance(0.6) ? '' : word))
      .replace(/\bI (want|need|have)\b/g, (whole, verb: string) =>
        random.chance(0.5) ? `I am ${verb}ing` : whole,
      )
      .replace(/\b(?:does not|doesn't|do not|don't)\b/gi, (whole) => (random.chance(0.5) ? 'not' : whole))
      .replace(/\b(?:has|have) been\b/gi, 'was'),
  typos: (text, _, random) =>
    text.replace(/(?<![\p{L}\p{N}@._-])\p{L}{4,}(?![\p{L}\p{N}@_-]|\.\p{L})/gu, (word) =>
      random.chance(0.22) ? misspelled(word, random) : word,
    ),
  'lower-case': (text) => text.toLowerCase().replace(/[,!?]|\.(?= |$)/g, ''),
  emoji: (text, _, random) =>
    `${capitalised(text)} ${random.pick(EMOJI)}${random.chance(0.3) ? random.pick(EMOJI) : ''}`,
}

/** Two letters swapped, one dropped, or one doubled; never the first. */
function misspelled(word: string, random: Random): string {
  const at = random.int(1, word.length - 2)
  const [before, here, next, after] = [
    word.slice(0, at),
    word[at] ?? '',
    word[at + 1] ?? '',
    word.slice(at + 2),
  ]
  return random.pick([
    before + next + here + after,
    before + next + after,
    before + here + here + next + after,
  ])
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
