import { and, asc, eq, gte, inArray, lt } from 'drizzle-orm'
import { ProblemError } from '../../domain/problem.ts'
import { formatRef, isVersion, parseRef, type ArtifactKind } from '../../domain/ref.ts'
import type { WorkflowDefinition } from '../../domain/workflow/definition.ts'
import { chunk, type Lineage } from '../lineage/db.ts'
import { artifacts } from '../lineage/schema.ts'

/** Runs that one backfill may start: their list is one row of D1. */
export const MAX_BACKFILL_RUNS = 500

/** Which versions of an input: these, or those that were registered in a span of time, in ms since the epoch. */
export interface VersionChoice {
  input: string
  versions?: readonly string[] | undefined
  /** The artifact whose versions are meant; that of the input's default when absent. */
  name?: string | undefined
  /** First moment of the span. */
  from?: number | undefined
  /** Moment after the span. */
  to?: number | undefined
  limit?: number | undefined
}

/**
 * The versions of a backfill as refs, in the order in which they were registered.
 *
 * @throws ProblemError `backfill.invalid`, with the field that is wrong
 */
export async function backfillVersions(
  db: Lineage,
  project: string,
  definition: Pick<WorkflowDefinition, 'name' | 'inputs'>,
  choice: VersionChoice,
): Promise<string[]> {
  const input = Object.hasOwn(definition.inputs, choice.input) ? definition.inputs[choice.input] : undefined
  if (!input || input.kind === 'value') {
    const known = Object.entries(definition.inputs).flatMap(([name, { kind }]) =>
      kind === 'value' ? [] : [name],
    )
    refuse(
      'input',
      input
        ? `the input ${choice.input} is a plain value, which has no versions`
        : `the workflow ${definition.name} has no input ${choice.input}; its artifacts are: ${known.join(', ') || 'none'}`,
    )
  }
  const isSpan = choice.from !== undefined || choice.to !== undefined
  if (choice.versions && (isSpan || choice.name !== undefined))
    refuse('versions', 'give either versions, or from and to; not both')
  if (choice.versions) return namedVersions(db, project, input.kind, choice)
  if (!isSpan) refuse('versions', 'give the versions, or the span from … to in which they were registered')
  const name = choice.name ?? (input.default === undefined ? undefined : parseRef(input.default).name)
  if (name === undefined)
    refuse(
      'name',
      `the input ${choice.input} has no default: say whose versions, by the name of a ${input.kind}`,
    )
  return versionsInSpan(db, project, { kind: input.kind, name }, choice)
}

async function namedVersions(db: Lineage, project: string, kind: ArtifactKind, choice: VersionChoice) {
  const refs = [...new Set(choice.versions)]
  if (refs.length === 0) refuse('versions', 'at least one version is needed')
  checkLimit(refs.length, choice, 'name fewer versions, or make several backfills')
  const found = new Map<string, number>()
  for (const [index, ref] of choice.versions!.entries()) {
    const parsed = parseRef(ref)
    if (parsed.kind !== kind)
      refuse(`versions.${index}`, `${ref} is no ${kind}, which is what the input ${choice.input} takes`)
    if (!isVersion(parsed.version))
      refuse(`versions.${index}`, `${ref} is an alias: name the version that is meant`)
  }
  // D1 takes 100 bound parameters a statement.
  for (const some of chunk(refs, 90)) {
    const versions = some.map((ref) => parseRef(ref).version)
    const rows = await db
      .select()
      .from(artifacts)
      .where(
        and(
          eq(artifacts.projectId, project),
          eq(artifacts.kind, kind),
          inArray(artifacts.name, [...new Set(some.map((ref) => parseRef(ref).name))]),
          inArray(artifacts.version, versions),
        ),
      )
    for (const { name, version, createdAt } of rows) found.set(formatRef(kind, name, version), createdAt)
  }
  for (const [index, ref] of choice.versions!.entries())
    if (!found.has(ref)) refuse(`versions.${index}`, `there is no artifact ${ref}`)
  return refs.toSorted((a, b) => found.get(a)! - found.get(b)! || (a < b ? -1 : 1))
}

async function versionsInSpan(
  db: Lineage,
  project: string,
  { kind, name }: { kind: ArtifactKind; name: string },
  choice: VersionChoice,
): Promise<string[]> {
  const { from = 0, to = Number.MAX_SAFE_INTEGER } = choice
  if (from >= to) refuse('to', 'must be later than from')
  const inSpan = and(
    eq(artifacts.projectId, project),
    eq(artifacts.kind, kind),
    eq(artifacts.name, name),
    gte(artifacts.createdAt, from),
    lt(artifacts.createdAt, to),
  )
  const count = await db.$count(artifacts, inSpan)
  if (count === 0) refuse('from', `no version of ${kind}:${name} was registered from then to then`)
  checkLimit(count, choice, 'narrow the span, or make several backfills')
  const rows = await db
    .select({ version: artifacts.version })
    .from(artifacts)
    .where(inSpan)
    .orderBy(asc(artifacts.createdAt), asc(artifacts.version))
    .limit(MAX_BACKFILL_RUNS)
  return rows.map(({ version }) => formatRef(kind, name, version))
}

function checkLimit(count: number, { limit = MAX_BACKFILL_RUNS }: VersionChoice, advice: string): void {
  if (count <= limit) return
  throw new ProblemError(
    'backfill.invalid',
    `limit: these are ${count} versions, and the backfill may start ${limit} runs (never more than ${MAX_BACKFILL_RUNS}): ${advice}`,
    { field: 'limit', limit, versions: count },
  )
}

function refuse(field: string, detail: string): never {
  throw new ProblemError('backfill.invalid', `${field}: ${detail}`, { field })
}
