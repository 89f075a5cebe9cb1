import { isObject, objectOf, type JsonObject } from '../providers/json-object.ts'
import { isEmpty, listOf, MAX_ITEMS, nameOf, recordOf, textOf } from './attribute.ts'

/** A document that was retrieved, or reranked. */
export interface RetrievedDocument {
  id: string | null
  /** Null where only its id is told, as OpenTelemetry does. */
  content: string | null
  score: number | null
  /** JSON of its metadata. */
  metadata: string | null
}

/** Names that a document's text has with OpenTelemetry's users, LangChain, LlamaIndex and vector stores. */
const CONTENT = ['content', 'text', 'page_content', 'pageContent'] as const

/**
 * Documents of a list: `{ id, score, content }`, OpenInference's `{ document: { … } }` or `{ "document.id": … }`, or plain
 * texts. An object with neither id nor text is its own content.
 */
export function documentsOf(items: readonly unknown[]): RetrievedDocument[] {
  return items.slice(0, MAX_ITEMS).flatMap((item) => {
    const fields = isObject(item) ? fieldsOf(item) : { content: item }
    const id = nameOf(fields.id)
    const content = contentOf(fields)
    if (id === null && content === null) return []
    return [{ id, content, score: scoreOf(fields.score), metadata: textOf(fields.metadata) }]
  })
}

function contentOf({ id, score: _score, metadata: _metadata, ...rest }: JsonObject): string | null {
  const told = CONTENT.find((name) => name in rest)
  if (told !== undefined) return textOf(rest[told])
  return isEmpty(id) ? textOf(rest) : null
}

/** Documents of an attribute: a list, or JSON text of one. */
export function documentList(value: unknown): RetrievedDocument[] {
  return documentsOf(listOf(value))
}

function fieldsOf(item: JsonObject): JsonObject {
  if (isObject(item.document) || typeof item.document === 'string') {
    const inner = recordOf(item.document)
    return Object.keys(inner).length > 0
      ? { ...inner, score: inner.score ?? item.score }
      : { content: item.document }
  }
  const dotted = Object.entries(item).filter(([name]) => name.startsWith('document.'))
  if (dotted.length === 0) return objectOf(item)
  return Object.fromEntries(dotted.map(([name, value]) => [name.slice('document.'.length), value]))
}

/** A score may be below 0: it is a store's own. */
function scoreOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value + 0 : null
}
