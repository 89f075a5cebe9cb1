import * as z from 'zod'
import { parseJson } from '../evaluators/answer.ts'
import { mapStrings } from '../json.ts'
import { PII_KINDS, placeholder, type PiiKind } from '../redaction/kinds.ts'
import { redactText } from '../redaction/redact.ts'
import type { Check } from './guardrail.ts'

export const PiiParams = z.strictObject({
  /** What is looked for; every kind when absent. */
  kinds: z.array(z.enum(PII_KINDS)).min(1).exactOptional(),
})

/** 1 when no text holds personal data. */
export function piiCheck({ kinds }: z.infer<typeof PiiParams>): Check {
  const wanted = new Set<PiiKind>(kinds ?? PII_KINDS)
  return ({ texts }) => {
    const redacted = new Map(texts.map((text) => [text, withoutPii(text, wanted)]))
    const clean = texts.every((text) => redacted.get(text) === text)
    return { score: clean ? 1 : 0, redact: (text) => redacted.get(text) ?? withoutPii(text, wanted) }
  }
}

/**
 * The text with a typed placeholder in the place of each piece of personal data: `jane@example.com` becomes `[EMAIL]`.
 * Of a JSON document only the texts are changed, so that it stays one. Twice changes nothing.
 */
export function withoutPii(text: string, kinds: ReadonlySet<PiiKind>): string {
  // To take out some kinds and leave others may lay bare what their neighbours hid.
  for (let before = text; ;) {
    const after = once(before, kinds)
    if (after === before) return after
    before = after
  }
}

function once(text: string, kinds: ReadonlySet<PiiKind>): string {
  const document = /^\s*[{["]/.test(text) ? parseJson(text) : undefined
  if (!document || 'problem' in document) return redacted(text, kinds)
  let found = false
  const value = mapStrings(document.value, (each) => {
    const clean = redacted(each, kinds)
    found ||= clean !== each
    return clean
  })
  return found ? JSON.stringify(value) : text
}

function redacted(text: string, kinds: ReadonlySet<PiiKind>): string {
  const { text: whole, findings } = redactText(text)
  const wanted = findings.filter(({ kind }) => kinds.has(kind))
  if (wanted.length === findings.length) return whole
  let [clean, from] = ['', 0]
  for (const { kind, start, end } of wanted.toSorted((a, b) => a.start - b.start)) {
    clean += text.slice(from, start) + placeholder(kind)
    from = end
  }
  return clean + text.slice(from)
}
