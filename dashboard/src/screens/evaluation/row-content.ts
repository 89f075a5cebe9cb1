type Fields = Record<string, unknown>

/** A dataset's row as a person reads it. */
export interface RowContent {
  messages: { role: string; text: string }[]
  expected: string | null
  context: string[]
  /** What has no place in the others. */
  rest: Fields
}

/** Names that the parts of a row go by in usual sets, in order of preference, as the API reads them. */
const NAMES = {
  messages: ['messages', 'prompt', 'transcript', 'question', 'input', 'query', 'instruction'],
  expected: ['reference', 'expected', 'completion', 'label'],
  context: ['context', 'contexts', 'knowledge', 'documents', 'passages'],
} as const

export function contentOf(data: Fields): RowContent {
  const find = (names: readonly string[]) =>
    names.find((name) => data[name] !== undefined && data[name] !== null)
  const [messages, expected, context] = [find(NAMES.messages), find(NAMES.expected), find(NAMES.context)]
  const used = new Set([messages, expected, context])
  return {
    messages: messages === undefined ? [] : messagesOf(data[messages]),
    expected: expected === undefined ? null : textOf(data[expected]),
    context: context === undefined ? [] : [data[context]].flat().map(textOf),
    rest: Object.fromEntries(Object.entries(data).filter(([name]) => !used.has(name))),
  }
}

function messagesOf(value: unknown): RowContent['messages'] {
  if (!Array.isArray(value)) return [{ role: 'user', text: textOf(value) }]
  return value.map((item) => ({ role: String((item as Fields | null)?.role ?? ''), text: textOf(item) }))
}

/** The text of something that has one; else all of it. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  const { content, text, fields } = (value ?? {}) as Fields
  const found = content ?? text
  if (typeof found !== 'string') return JSON.stringify(value, null, 2)
  return fields && typeof fields === 'object'
    ? [found, JSON.stringify(fields)].filter(Boolean).join('\n')
    : found
}
