import { MAX_JSON_DEPTH, MAX_SCHEMA_VALUES } from '../../limits.ts'
import { type Dialect, type Draft, customDialect, dialectOf, draftOf } from './dialect.ts'
import METASCHEMAS from './metaschemas.json' with { type: 'json' }
import type { Meter } from './meter.ts'
import { UnusableSchema } from './problem.ts'
import { shapeOf, subschemasOf } from './shape.ts'
import { type JsonObject, isObject } from './value.ts'

export type Schema = boolean | JsonObject

/** A schema with a URI of its own, and what may be pointed at within it by name (core 2020-12, 4.3.5). */
export interface Resource {
  uri: string
  root: Schema
  dialect: Dialect
  anchors: Map<string, JsonObject>
  /** Anchors that `$dynamicRef` looks for along the way that led to it. */
  dynamicAnchors: Map<string, JsonObject>
}

/** What a reference points at. */
export interface Target {
  schema: Schema
  resource: Resource
  /** The anchor by which it was found, where that is a dynamic one. */
  dynamicAnchor?: string
}

export interface Documents {
  root: Target
  /** The resource that begins at this schema, when it has an `$id` of its own. */
  embedded(schema: JsonObject): Resource | undefined
  resolve(reference: string, from: Resource): Target
}

/** Base of a schema without `$id`. */
const NO_URI = 'schema:///'

interface Loader extends Documents {
  remotes: Readonly<Record<string, unknown>>
  resources: Map<string, Resource>
  roots: Map<JsonObject, Resource>
  walked: Set<JsonObject>
  targets: Map<Resource, Map<string, Target>>
  meter: Meter
  references: { reference: string; resource: Resource }[]
}

/**
 * Reads a schema with all that it refers to: itself, the drafts' metaschemas as published at json-schema.org, and the
 * documents handed over by URI.
 * Nothing is fetched: a reference to anything else is refused, wherever it stands in the schema.
 */
export function readDocuments(
  schema: Schema,
  { draft, remotes, meter }: { draft: Draft; remotes: Readonly<Record<string, unknown>>; meter: Meter },
): Documents {
  const loader: Omit<Loader, 'root'> = {
    remotes,
    resources: new Map(),
    roots: new Map(),
    walked: new Set(),
    targets: new Map(),
    meter,
    references: [],
    embedded: (object) => loader.roots.get(object),
    resolve: (reference, from) => resolve(loader, reference, from),
  }
  const resource = load(loader, schema, NO_URI, dialectOf(draft))
  for (const one of loader.references.splice(0)) resolve(loader, one.reference, one.resource)
  return { ...loader, root: { schema, resource } }
}

type Reader = Omit<Loader, 'root'>

function load(loader: Reader, schema: Schema, uri: string, fallback: Dialect): Resource {
  checkSize(schema, loader.meter)
  const resource: Resource = {
    uri,
    root: schema,
    dialect: fallback,
    anchors: new Map(),
    dynamicAnchors: new Map(),
  }
  loader.resources.set(uri, resource)
  if (!isObject(schema)) return resource
  return walk(loader, schema, resource, '')
}

/** Notes ids, anchors and references of a schema and of those in it; returns the resource it belongs to. */
function walk(loader: Reader, schema: unknown, parent: Resource, pointer: string): Resource {
  if (typeof schema === 'boolean') return parent
  if (!isObject(schema))
    throw new UnusableSchema(`at ${pointer || 'its root'} it has no schema, but a ${nameOf(schema)}`)
  loader.meter.spend(1)
  const resource = begin(loader, schema, parent)
  loader.walked.add(schema)
  const { draft } = resource.dialect
  if (draft !== '7') note(schema, resource)
  const subschemas = subschemasOf(schema, draft)
  if ('keyword' in subschemas)
    throw new UnusableSchema(`at ${pointer}/${subschemas.keyword} it must have ${subschemas.must}`)
  for (const keyword of ['$ref', '$dynamicRef', '$recursiveRef']) {
    const reference = schema[keyword]
    if (typeof reference === 'string' && shapeOf(keyword, draft))
      loader.references.push({ reference, resource })
  }
  for (const { place, schema: inner } of subschemas.found)
    walk(loader, inner, resource, `${pointer}/${place.map(escapeToken).join('/')}`)
  return resource
}

/** The resource of a schema: a new one where it has an `$id`, else its parent's. */
function begin(loader: Reader, schema: JsonObject, parent: Resource): Resource {
  const isRoot = parent.root === schema
  const ownDialect = typeof schema.$schema === 'string' && (isRoot || typeof schema.$id === 'string')
  const dialect = ownDialect ? dialectFor(loader, String(schema.$schema), parent.dialect) : parent.dialect
  if (isRoot) parent.dialect = dialect
  // In draft 7 nothing beside a $ref counts, and an id of only a fragment is an anchor.
  if (typeof schema.$id !== 'string' || (dialect.draft === '7' && schema.$ref !== undefined)) return parent
  const [base = '', fragment = ''] = schema.$id.split('#', 2)
  const uri = base === '' ? parent.uri : absolute(base, parent.uri)
  let resource = parent
  if (base !== '') {
    if (isRoot) parent.uri = uri
    else resource = { uri, root: schema, dialect, anchors: new Map(), dynamicAnchors: new Map() }
    if (!loader.resources.has(uri) || isRoot) loader.resources.set(uri, resource)
    loader.roots.set(schema, resource)
  }
  if (fragment !== '' && dialect.draft === '7') resource.anchors.set(fragment, schema)
  return resource
}

function note(schema: JsonObject, resource: Resource): void {
  if (typeof schema.$anchor === 'string') resource.anchors.set(schema.$anchor, schema)
  if (resource.dialect.draft !== '2020-12' || typeof schema.$dynamicAnchor !== 'string') return
  resource.anchors.set(schema.$dynamicAnchor, schema)
  resource.dynamicAnchors.set(schema.$dynamicAnchor, schema)
}

function dialectFor(loader: Reader, metaschema: string, fallback: Dialect): Dialect {
  const draft = draftOf(metaschema)
  if (draft) return dialectOf(draft)
  const document = documentAt(loader, withoutFragment(metaschema))
  if (!isObject(document)) return fallback
  const own =
    typeof document.$schema === 'string' ? (draftOf(document.$schema) ?? fallback.draft) : fallback.draft
  return isObject(document.$vocabulary) ? customDialect(document.$vocabulary, own) : dialectOf(own)
}

function resolve(loader: Reader, reference: string, from: Resource): Target {
  const known = loader.targets.get(from) ?? new Map<string, Target>()
  loader.targets.set(from, known)
  const target = known.get(reference) ?? find(loader, reference, from)
  known.set(reference, target)
  return target
}

function find(loader: Reader, reference: string, from: Resource): Target {
  const uri = absolute(reference, from.uri)
  const base = withoutFragment(uri)
  const resource = loader.resources.get(base) ?? loadFrom(loader, base, from)
  if (!resource)
    throw new UnusableSchema(
      `it refers to another document (${reference.slice(0, 200)}): put it into the metric's params.remotes`,
    )
  const fragment = decoded(uri.slice(base.length + 1))
  if (fragment === '') return { schema: resource.root, resource }
  if (fragment.startsWith('/')) return pointed(loader, fragment, resource, reference)
  const schema = resource.anchors.get(fragment)
  if (!schema) throw missing(reference)
  const dynamic = resource.dynamicAnchors.has(fragment) ? { dynamicAnchor: fragment } : {}
  return { schema, resource: loader.roots.get(schema) ?? resource, ...dynamic }
}

/** Follows a JSON pointer (RFC 6901), whose way may lead through schemas with ids of their own. */
function pointed(loader: Reader, pointer: string, start: Resource, reference: string): Target {
  let at: unknown = start.root
  let resource = start
  for (const token of pointer.slice(1).split('/')) {
    loader.meter.spend(1)
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) throw missing(reference)
    at = (at as Record<string, unknown>)[key]
    if (isObject(at)) resource = loader.roots.get(at) ?? resource
  }
  if (typeof at !== 'boolean' && !isObject(at)) throw missing(reference)
  // It may stand where no keyword has a schema: then it was not read yet.
  if (isObject(at) && !loader.walked.has(at)) resource = walk(loader, at, resource, pointer)
  return { schema: at, resource }
}

function loadFrom(loader: Reader, uri: string, from: Resource): Resource | undefined {
  const document = documentAt(loader, uri)
  if (document !== undefined) {
    if (typeof document !== 'boolean' && !isObject(document))
      throw new UnusableSchema(`params.remotes has no schema at ${uri.slice(0, 200)}`)
    return load(loader, document, uri, from.dialect)
  }
  // A document may also be known by its own $id.
  for (const [key, remote] of Object.entries(loader.remotes)) {
    loader.meter.spend(1)
    if (
      isObject(remote) &&
      typeof remote.$id === 'string' &&
      withoutFragment(absolute(remote.$id, key)) === uri
    )
      return load(loader, remote, uri, from.dialect)
  }
  return undefined
}

function documentAt({ remotes }: Reader, uri: string): unknown {
  const relative = uri.startsWith(NO_URI) ? uri.slice(NO_URI.length) : uri
  for (const key of [uri, `${uri}#`, relative]) if (Object.hasOwn(remotes, key)) return remotes[key]
  return Object.hasOwn(METASCHEMAS, uri) ? METASCHEMAS[uri as keyof typeof METASCHEMAS] : undefined
}

function absolute(reference: string, base: string): string {
  const url = URL.parse(reference, base) ?? URL.parse(reference, NO_URI)
  if (!url) throw new UnusableSchema(`${reference.slice(0, 200)} is no URI reference`)
  return url.href
}

function withoutFragment(uri: string): string {
  const at = uri.indexOf('#')
  return at < 0 ? uri : uri.slice(0, at)
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}

function missing(reference: string): UnusableSchema {
  return new UnusableSchema(`it refers to ${reference.slice(0, 200)}, which is not there`)
}

/** Depth and number of all values, without recursion: a cycle of a schema made in code is infinitely deep. */
function checkSize(root: unknown, meter: Meter): void {
  const stack: { node: object; depth: number }[] = [{ node: [root], depth: -1 }]
  let values = 0
  for (let top = stack.pop(); top; top = stack.pop()) {
    if (top.depth > MAX_JSON_DEPTH)
      throw new UnusableSchema(`it is nested deeper than ${MAX_JSON_DEPTH} levels`)
    const inner = Object.values(top.node)
    values += inner.length
    if (values > MAX_SCHEMA_VALUES) throw new UnusableSchema(`it has more than ${MAX_SCHEMA_VALUES} values`)
    for (const node of inner)
      if (typeof node === 'object' && node !== null) stack.push({ node, depth: top.depth + 1 })
  }
  meter.spend(values / 10)
}

function escapeToken(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1')
}

function nameOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value
}
