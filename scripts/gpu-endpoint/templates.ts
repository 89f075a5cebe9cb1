import * as z from 'zod'
import { type KnowledgeItem, sentencesOf } from './knowledge.ts'
import { FORMATS, type FormatName, type Surface, surfacesOf, written } from './surface.ts'

/** A reply with the parts that knowledge fills cut out: literal text, a record's field, or a passage's sentence. */
export const Segment = z.union([
  z.string(),
  z.object({ field: z.string(), format: z.enum(Object.keys(FORMATS) as [FormatName, ...FormatName[]]) }),
  z.object({ sentence: z.number().int() }),
])
export type Segment = z.infer<typeof Segment>
export const Template = z.array(Segment)
export type Template = z.infer<typeof Template>

type Record_ = Extract<KnowledgeItem, { kind: 'record' }>
type Passage = Extract<KnowledgeItem, { kind: 'passage' }>

export interface Delexicalised {
  template: Template
  /** Index among all items of the record and of the passage that explain most of the reply. */
  record?: number
  passage?: number
}

/** A shorter sentence may stand in a reply by chance. */
const MIN_SENTENCE_CHARACTERS = 16

/**
 * Takes out of a reply what its row's knowledge says. What the knowledge does not hold stays as literal text: a model
 * trained on replies that belong to other customers will repeat those customers' values.
 */
export function delexicalise(reply: string, items: readonly KnowledgeItem[]): Delexicalised {
  let template: Template = [reply.trim()]
  const passages = ranked(items, (item) => (item.kind === 'passage' ? sentenceCharacters(reply, item) : 0))
  const passage = passages[0]
  if (passage) template = cutSentences(template, passage.item as Passage)
  const records = ranked(items, (item) => (item.kind === 'record' ? fieldCharacters(reply, item) : 0))
  const seen = new Set<string>()
  for (const { item } of records) {
    const { fields } = item as Record_
    const unused = [...fields].filter(([key]) => !seen.has(key))
    template = cutFields(template, unused, reply)
    for (const key of fields.keys()) seen.add(key)
  }
  const record = records[0]
  return {
    template,
    ...(record ? { record: record.index } : {}),
    ...(passage ? { passage: passage.index } : {}),
  }
}

/**
 * The template with knowledge in its slots, or undefined when a slot can't be filled. A field is read from the first
 * record that has it, a sentence from the first passage: the caller puts the picked ones first.
 */
export function fill(template: Template, items: readonly KnowledgeItem[]): string | undefined {
  const passage = items.find((item) => item.kind === 'passage')
  let text = ''
  for (const segment of template) {
    const part = typeof segment === 'string' ? segment : slotText(segment, items, passage)
    if (part === undefined) return undefined
    text += part
  }
  return text
}

/** Digits that no slot explains: each is a number that the reply would repeat for every customer. */
export function literalDigits(template: Template): number {
  return template.reduce(
    (sum, segment) => sum + (typeof segment === 'string' ? (segment.match(/\d/g)?.length ?? 0) : 0),
    0,
  )
}

function slotText(
  slot: Exclude<Segment, string>,
  items: readonly KnowledgeItem[],
  passage: Passage | undefined,
): string | undefined {
  if ('sentence' in slot) return passage?.sentences[slot.sentence]
  for (const item of items) {
    const value = item.kind === 'record' ? item.fields.get(slot.field) : undefined
    if (value !== undefined) return written(value, slot.format)
  }
  return undefined
}

function ranked(items: readonly KnowledgeItem[], measure: (item: KnowledgeItem) => number) {
  return items
    .map((item, index) => ({ item, index, explains: measure(item) }))
    .filter(({ explains }) => explains > 0)
    .toSorted((a, b) => b.explains - a.explains || a.index - b.index)
}

function sentenceCharacters(reply: string, { sentences }: Passage): number {
  const found = sentences.filter((sentence) => standsIn(reply, sentence))
  return found.reduce((sum, sentence) => sum + sentence.length, 0)
}

function standsIn(reply: string, sentence: string): boolean {
  return sentence.length >= MIN_SENTENCE_CHARACTERS && mentions(reply, sentence)
}

function fieldCharacters(reply: string, { fields }: Record_): number {
  let sum = 0
  for (const value of fields.values()) {
    const found = surfacesOf(value).filter(({ text }) => mentions(reply, text))
    sum += Math.max(0, ...found.map(({ text }) => text.length))
  }
  return sum
}

function cutSentences(template: Template, { sentences }: Passage): Template {
  return sentences.reduce<Template>(
    (cut, sentence, at) =>
      sentence.length < MIN_SENTENCE_CHARACTERS ? cut : replace(cut, sentence, { sentence: at }),
    template,
  )
}

function cutFields(template: Template, fields: readonly [string, string][], reply: string): Template {
  const candidates = fields.flatMap(([key, value]) =>
    surfacesOf(value)
      .filter(({ text }) => mentions(reply, text))
      .map((surface) => ({ key, surface, named: namedIn(reply, key, surface) })),
  )
  // Longest first, so that "Best Western Plus" is not cut at "Best"; of equal texts the field that the reply speaks of.
  candidates.sort((a, b) => b.surface.text.length - a.surface.text.length || b.named - a.named)
  return candidates.reduce<Template>(
    (cut, { key, surface }) => replace(cut, surface.text, { field: key, format: surface.format }),
    template,
  )
}

/** How many words of the field's name stand in the sentence that has its value. */
function namedIn(reply: string, key: string, { text }: Surface): number {
  const sentence =
    sentencesOf(reply)
      .find((one) => mentions(one, text))
      ?.toLowerCase() ?? ''
  return key
    .toLowerCase()
    .split(/[_ -]/)
    .filter((word) => word.length > 2 && sentence.includes(word)).length
}

function replace(template: Template, text: string, slot: Segment): Template {
  return template.flatMap((segment) => {
    if (typeof segment !== 'string') return [segment]
    const cut: Template = []
    let from = 0
    for (const at of places(segment, text)) {
      if (at > from) cut.push(segment.slice(from, at))
      cut.push(slot)
      from = at + text.length
    }
    if (from < segment.length) cut.push(segment.slice(from))
    return cut
  })
}

function mentions(reply: string, text: string): boolean {
  return places(reply, text).length > 0
}

/**
 * Where a text stands as a whole, whatever its capitals: neither inside a longer word nor inside a longer number.
 * Searched by hand, since compiling a pattern for each value took most of the time of reading a row.
 */
function places(whole: string, text: string): number[] {
  const [haystack, needle] = [whole.toLowerCase(), text.toLowerCase()]
  // Lower case may change a text's length (İ): then capitals must agree.
  const lowered = haystack.length === whole.length && needle.length === text.length
  const [inside, wanted] = lowered ? [haystack, needle] : [whole, text]
  const found: number[] = []
  if (wanted === '') return found
  for (let at = inside.indexOf(wanted); at >= 0; at = inside.indexOf(wanted, at + 1)) {
    const before = inside.slice(Math.max(0, at - 2), at)
    const after = inside.slice(at + wanted.length, at + wanted.length + 2)
    const overlaps = at < (found.at(-1) ?? -Infinity) + wanted.length
    if (!overlaps && !/[\p{L}\p{N}]$|\d[.,:-]$/u.test(before) && !/^[\p{L}\p{N}]|^[.,:-]\d/u.test(after))
      found.push(at)
  }
  return found
}
