/** Keys whose strings are what people say or would say: names may stand anywhere in them. */
export const SPOKEN_KEYS: ReadonlySet<string> = new Set([
  'messages', 'transcript', 'conversation', 'turns', 'prompt', 'completion', 'expected', 'reply', 'response', 'question',
  'answer', 'comment', 'note', 'notes', 'feedback', 'summary',
]) // prettier-ignore

/** Record keys whose value is a person: `customer`, `recipient_name`, but neither `product_name` nor a plain `name`. */
const PERSON_KEY =
  /^(?:(?:customer|contact|recipient|passenger|cardholder|card_holder|account_holder|holder|buyer|client|user|guest|patient|employee)(?:_name|Name)?|(?:full|first|last|sur|given|family|middle|maiden)_?name|surname|(?:full|first|last)Name)$/

const NAME_VALUE = /^\p{Lu}[\p{L}\p{M}'’.-]*(?: [\p{L}][\p{L}\p{M}'’.-]*){0,3}$/u

/** Whether a record's value is a person's name by its key and its form. */
export function isPersonField(key: string, value: unknown): value is string {
  return typeof value === 'string' && value.length <= 80 && PERSON_KEY.test(key) && NAME_VALUE.test(value)
}

/** Deepest nesting of a row's data. */
export const MAX_ROW_DEPTH = 50
