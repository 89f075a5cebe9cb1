import { objectOf, objectsOf } from '../providers/json-object.ts'
import type { Attributes, SemconvSpan } from './span.ts'

/** The spans of a request that a client's recorder kept, OTLP/JSON. */
export function spansIn(recorded: unknown): SemconvSpan[] {
  return objectsOf(objectOf(objectOf(recorded).json).resourceSpans).flatMap((group) =>
    objectsOf(group.scopeSpans).flatMap(({ spans }) =>
      objectsOf(spans).map((span) => ({
        name: String(span.name),
        attributes: valuesOf(span.attributes),
        events: objectsOf(span.events).map((event) => ({
          name: String(event.name),
          attributes: valuesOf(event.attributes),
        })),
        status: objectOf(span.status),
        resource: valuesOf(objectOf(group.resource).attributes),
      })),
    ),
  )
}

function valuesOf(keyValues: unknown): Attributes {
  return Object.fromEntries(
    objectsOf(keyValues).map(({ key, value }) => [String(key), valueOf(objectOf(value))]),
  )
}

function valueOf({ arrayValue, ...value }: Record<string, unknown>): unknown {
  if (arrayValue !== undefined) return objectsOf(objectOf(arrayValue).values).map(valueOf)
  // An empty value is kept as `{}`, as it was sent.
  return Object.values(value)[0] ?? {}
}

/** A message of a text alone. */
export function said(role: string, content: string) {
  return { role, content, toolCalls: [], toolCallId: null, reasoning: null, attachments: [] }
}

/** The view's fields that were filled, `inputText` and `outputText` aside. */
export function filled(view: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(view).filter(
      ([name, value]) =>
        !['version', 'conventions', 'inputText', 'outputText'].includes(name) &&
        value !== null &&
        !(typeof value === 'object' && Object.keys(value).length === 0),
    ),
  )
}
