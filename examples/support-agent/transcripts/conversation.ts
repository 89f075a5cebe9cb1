import type { Message } from '../../../domain/dataset/transcript.ts'
import type { Cohort, Intent } from './cohort.ts'
import type { Customer } from './customers.ts'
import { expand } from './pattern.ts'
import type { Random } from './random.ts'
import type { Fields } from './records.ts'
import { type Style, applyStyle } from './styles.ts'

/** Who wants what, and how it is said. */
export interface Situation {
  cohort: Cohort
  intent: Intent
  /** Said in place of one of the intent's own ways to ask, when the request is ambiguous. */
  ask?: string
  customer: Customer
  record: Fields
  style: Style
}

export const FLOWS = ['single', 'verified', 'vague-first', 'long', 'after-another'] as const
export type Flow = (typeof FLOWS)[number]
/** How a flow is picked: by its share among these. */
const FLOW_SHARES: readonly Flow[] = [
  'single', 'single', 'single', 'single', 'single', 'verified', 'verified', 'vague-first', 'vague-first', 'long',
  'long', 'after-another',
] // prettier-ignore
/** How often another intent is mentioned beside the one that counts. */
const DISTRACTED = 0.06

const AGENT = {
  ask: '(Thank you for writing.|Hello!|Happy to help.|) (What can I do for you?|How can I help?|Could you tell me more?|What happened exactly?)',
  verify:
    '(Sure.|Of course.|Let me look.|) (Could you|Please) (confirm the e-mail on your account|tell me your phone number|confirm your address|tell me your full name and number|tell me how you paid)(?|, please.)',
  confirm:
    '(Thanks, I have found you.|Got it.|I see your record.) (Is it about|We are talking about|It concerns) {id}, (right?|correct?)',
  done: '(That is done.|I have taken care of that.|Sorted.) (Anything else?|Is there something more I can do?)',
}
const YES = {
  en: "(Yes|Yes, that's right|Correct|Exactly|Yep|That is the one|Yes, correct)",
  es: '(Sí|Sí, correcto|Exacto|Eso es)',
  de: '(Ja|Ja, genau|Richtig|Genau das)',
}
/** Personal data, one kind each, picked evenly: a redactor must find the rare kinds too. */
const DETAILS = {
  en: [
    '(my e-mail is|it is under|you reach me at) {email}',
    '(you can call me at|my phone is) {phone}',
    '(I paid with card|card number) {card}',
    '(my IBAN is|the account is) {iban}',
    '(I live at|my address is) {address}',
    '(my name is {name}|{name} here), {email}',
  ],
  es: [
    'mi correo es {email}',
    'mi teléfono es {phone}',
    'pagué con la tarjeta {card}',
    'mi IBAN es {iban}',
    'vivo en {address}',
    'me llamo {name}',
  ],
  de: [
    'meine E-Mail ist {email}',
    'meine Nummer ist {phone}',
    'ich habe mit der Karte {card} bezahlt',
    'meine IBAN ist {iban}',
    'ich wohne {address}',
    'mein Name ist {name}',
  ],
}
const DISTRACTIONS = {
  en: [
    '(this is not about an earlier matter|not the old story), where I said "{other}". (Now|This time): {ask}',
    '{ask}. (Later I may also ask|Another day I will come back because|By the way, my friend says): {other}',
    '(I don\'t mean|I am not saying) "{other}". (I mean|What I say is): {ask}',
    '(last week it was|before that I wrote) "{other}", (that is solved|forget that), (but|now) {ask}',
  ],
  es: [
    'la otra vez escribí "{other}", (ya está resuelto|olvídenlo). Ahora: {ask}',
    '{ask}. (Otro día|Además quizá): {other}',
  ],
  de: [
    'letztes Mal schrieb ich "{other}", (das ist erledigt|vergessen Sie das). Jetzt: {ask}',
    '{ask}. (Später vielleicht noch|Ein anderes Mal): {other}',
  ],
}

/** The customer's turns and the agent's questions; the last message is the customer's. */
export function converse(situation: Situation, random: Random): { messages: Message[]; flow: Flow } {
  const flow = random.pick(FLOW_SHARES)
  const { customer, record, cohort, style } = situation
  const values = { ...record, ...piiOf(customer), id: Object.values(record)[0] ?? '' }
  const customerSays = (text: string): Message => ({
    role: 'user',
    content: applyStyle(text, style, customer, random),
  })
  const agentSays = (pattern: string): Message => ({
    role: 'assistant',
    content: expand(pattern, random, values),
  })
  const detail = () => expand(random.pick(DETAILS[customer.language]), random, values)
  const withDetail = (text: string, probability: number) =>
    random.chance(probability) ? joined(text, detail(), random) : text
  const ask = () => request(situation, values, random)
  const vague = () => expand(random.pick(cohort.vague), random, values)
  const yes = () => expand(YES[customer.language], random)

  const flows: Record<Flow, () => Message[]> = {
    single: () => [customerSays(withDetail(ask(), 0.6))],
    verified: () => [customerSays(ask()), agentSays(AGENT.verify), customerSays(detail())],
    'vague-first': () => [
      customerSays(withDetail(vague(), 0.3)),
      agentSays(AGENT.ask),
      customerSays(withDetail(ask(), 0.4)),
    ],
    long: () => [
      customerSays(vague()),
      agentSays(AGENT.ask),
      customerSays(withDetail(ask(), 0.5)),
      agentSays(AGENT.confirm),
      customerSays(withDetail(yes(), 0.3)),
    ],
    'after-another': () => [
      customerSays(withDetail(otherAsk(situation, values, random), 0.4)),
      agentSays(AGENT.done),
      customerSays(ask()),
    ],
  }
  return { messages: flows[flow](), flow }
}

function request(situation: Situation, values: Readonly<Record<string, string>>, random: Random): string {
  const { intent, customer } = situation
  const ask = expand(situation.ask ?? random.skewed(asksOf(intent, customer)), random, values)
  if (!random.chance(DISTRACTED)) return ask
  const other = otherAsk(situation, values, random)
  return expand(random.pick(DISTRACTIONS[customer.language]), random, { ask, other })
}

/** A request of another intent of the same area: the look-alike. */
function otherAsk(
  { cohort, intent, customer }: Situation,
  values: Readonly<Record<string, string>>,
  random: Random,
): string {
  const other = random.pick(cohort.intents.filter((one) => one !== intent))
  return expand(random.skewed(asksOf(other, customer)), random, values)
}

function asksOf(intent: Intent, { language }: Customer): readonly string[] {
  return { en: intent.asks, es: intent.spanish, de: intent.german }[language]
}

function joined(text: string, detail: string, random: Random): string {
  return random.chance(0.75) ? `${text}. ${detail}` : `${detail}. ${text}`
}

function piiOf({ name, email, phone, card, iban, address }: Customer): Record<string, string> {
  return { name, email, phone, card, iban, address }
}
