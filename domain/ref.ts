import * as z from 'zod'

/** Kinds of artifact: immutable, content-addressed things. */
export const ARTIFACT_KINDS = [
  'dataset',
  'model',
  'prompt',
  'tools',
  'index',
  'suite',
  'route',
  'calibration',
] as const
export type ArtifactKind = (typeof ARTIFACT_KINDS)[number]

const NAME = '[a-z0-9][a-z0-9._-]{0,79}'
const VERSION = '[A-Za-z0-9][A-Za-z0-9._-]{0,79}'
const REF = new RegExp(`^(${ARTIFACT_KINDS.join('|')}):(${NAME})@(${VERSION})$`)

/** `kind:name@version` or `kind:name@alias`, for example `dataset:support@9f2c…` or `model:support-agent@production`. */
export const Ref = z.string().regex(REF, 'must be kind:name@version or kind:name@alias')

/** A ref of one kind. */
export function refOf(kind: ArtifactKind) {
  const message = `must be ${kind}:NAME@VERSION or ${kind}:NAME@ALIAS`
  return z.string().regex(new RegExp(`^${kind}:${NAME}@${VERSION}$`), message)
}

export const Name = z
  .string()
  .regex(new RegExp(`^${NAME}$`), 'must be lower-case letters, digits, dot, dash or underscore, at most 80')

export interface ParsedRef {
  kind: ArtifactKind
  name: string
  /** A version (64 hex digits) or an alias. */
  version: string
}

export function parseRef(ref: string): ParsedRef {
  const match = REF.exec(ref)
  if (!match) throw new TypeError(`not a ref: ${ref}`)
  return { kind: match[1] as ArtifactKind, name: match[2]!, version: match[3]! }
}

export function formatRef(kind: ArtifactKind, name: string, version: string): string {
  return `${kind}:${name}@${version}`
}

/** True for a content hash, false for an alias. */
export function isVersion(version: string): boolean {
  return /^[0-9a-f]{64}$/.test(version)
}

/** A ref with a shortened version, for people. */
export function shortRef(ref: string): string {
  return ref.replace(/@([0-9a-f]{64})$/, (_, version: string) => `@${version.slice(0, 12)}`)
}
