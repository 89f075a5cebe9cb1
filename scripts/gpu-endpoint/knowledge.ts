/** A line of knowledge: a record (`key: value; key: value`) or a passage of sentences. */
export type KnowledgeItem =
  | { kind: 'record'; line: string; fields: ReadonlyMap<string, string> }
  | { kind: 'passage'; line: string; sentences: readonly string[] }

const FIELD = /^([\p{L}_][\p{L}\p{N}_ -]{0,40}): (.+)$/u
const SNAKE_CASE = /^[a-z][a-z0-9_]*$/

export function parseKnowledge(line: string): KnowledgeItem {
  const fields = parseFields(line)
  return fields ? { kind: 'record', line, fields } : { kind: 'passage', line, sentences: sentencesOf(line) }
}

/** Undefined for text: a passage may hold one `Note: ...`, a record has several fields or a key in snake case. */
function parseFields(line: string): Map<string, string> | undefined {
  const fields = new Map<string, string>()
  let last: string | undefined
  for (const part of line.split('; ')) {
    const [, key, value] = FIELD.exec(part) ?? []
    if (key !== undefined && value !== undefined) {
      fields.set(key, value)
      last = key
    } else if (last === undefined) return undefined
    else fields.set(last, `${fields.get(last)}; ${part}`)
  }
  const [only] = fields.keys()
  return fields.size > 1 || (only !== undefined && SNAKE_CASE.test(only)) ? fields : undefined
}

export function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?])\s+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '')
}
