import { objectOf, type JsonObject } from '../providers/json-object.ts'
import { attributed } from './key-values.ts'
import type { Reading } from './reading.ts'
import type { Resource, Scope } from './shape.ts'
import { text } from './text.ts'

/** The resource of a ResourceSpans or ResourceLogs; an unknown one is empty. */
export function readResource(reading: Reading, { resource, schemaUrl }: JsonObject): Resource {
  return { schemaUrl: text(reading, schemaUrl), ...attributed(reading, objectOf(resource)) }
}

/** The scope of a ScopeSpans or ScopeLogs; an unknown one has no name. */
export function readScope(reading: Reading, { scope, schemaUrl }: JsonObject): Scope {
  const { name, version, ...rest } = objectOf(scope)
  return {
    name: text(reading, name),
    version: text(reading, version),
    schemaUrl: text(reading, schemaUrl),
    ...attributed(reading, rest),
  }
}
