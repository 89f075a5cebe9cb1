import { and, desc, eq, gt, lte } from 'drizzle-orm'
import type { Json } from '../../domain/json.ts'
import { ProblemError } from '../../domain/problem.ts'
import { formatRef, isVersion, parseRef, type ArtifactKind } from '../../domain/ref.ts'
import { chunk, rowsAStatement, type Lineage } from '../lineage/db.ts'
import { aliases, artifactEdges, artifacts } from '../lineage/schema.ts'

export interface NewArtifact {
  project: string
  kind: ArtifactKind
  name: string
  version: string
  manifest: Json
  codeSha: string
  createdBy: string
  at: number
  /** The stage run that made it, and what it was made from. */
  madeBy?: { runId: string; stage: string; inputs: readonly string[] }
}

/** Registers an artifact and its lineage. Content that is known already keeps its first entry; edges are added. */
export async function registerArtifact(db: Lineage, artifact: NewArtifact): Promise<string> {
  const { project, kind, name, version, madeBy, at } = artifact
  const ref = formatRef(kind, name, version)
  const edges = (madeBy?.inputs ?? [])
    .filter((input) => input !== ref)
    .map((input) => ({
      projectId: project,
      output: ref,
      input,
      runId: madeBy!.runId,
      stage: madeBy!.stage,
      createdAt: at,
    }))
  await db.batch([
    db
      .insert(artifacts)
      .values({
        projectId: project,
        kind,
        name,
        version,
        manifest: artifact.manifest,
        codeSha: artifact.codeSha,
        runId: madeBy?.runId ?? null,
        stage: madeBy?.stage ?? null,
        createdBy: artifact.createdBy,
        createdAt: at,
      })
      .onConflictDoNothing(),
    ...chunk(edges, rowsAStatement(6)).map((rows) =>
      db.insert(artifactEdges).values(rows).onConflictDoNothing(),
    ),
  ])
  return ref
}

export async function findArtifact(db: Lineage, project: string, ref: string) {
  const { kind, name, version } = parseRef(ref)
  const [row] = await db
    .select()
    .from(artifacts)
    .where(
      and(
        eq(artifacts.projectId, project),
        eq(artifacts.kind, kind),
        eq(artifacts.name, name),
        eq(artifacts.version, version),
      ),
    )
  return row
}

export async function getArtifact(db: Lineage, project: string, ref: string) {
  const row = await findArtifact(db, project, ref)
  if (!row) throw new ProblemError('not.found', `There is no artifact ${ref}`)
  return row
}

/** The ref with its version: an alias is looked up, a version must exist. */
export async function resolveRef(db: Lineage, project: string, ref: string): Promise<string> {
  const { kind, name, version } = parseRef(ref)
  if (isVersion(version)) return getArtifact(db, project, ref).then(() => ref)
  const pointed = await readAlias(db, project, ref)
  if (!pointed)
    throw new ProblemError(
      'not.found',
      `The alias ${ref} points nowhere; name a version: GET /api/v1/artifacts/${kind}/${name} lists them`,
    )
  return formatRef(kind, name, pointed.version)
}

/** What an alias ref points at now. */
export async function readAlias(db: Lineage, project: string, ref: string) {
  const { kind, name, version: alias } = parseRef(ref)
  const [row] = await db
    .select()
    .from(aliases)
    .where(
      and(
        eq(aliases.projectId, project),
        eq(aliases.kind, kind),
        eq(aliases.name, name),
        eq(aliases.alias, alias),
      ),
    )
  return row
}

/** The newest artifact of the same kind and name that was registered after `createdAt`, as of a moment. */
export async function newerVersion(
  db: Lineage,
  project: string,
  ref: string,
  createdAt: number,
  asOf: number,
) {
  const { kind, name } = parseRef(ref)
  const [row] = await db
    .select()
    .from(artifacts)
    .where(
      and(
        eq(artifacts.projectId, project),
        eq(artifacts.kind, kind),
        eq(artifacts.name, name),
        gt(artifacts.createdAt, createdAt),
        lte(artifacts.createdAt, asOf),
      ),
    )
    .orderBy(desc(artifacts.createdAt))
    .limit(1)
  return row
}

export function listArtifacts(db: Lineage, project: string, kind: ArtifactKind, name: string, limit: number) {
  return db
    .select()
    .from(artifacts)
    .where(and(eq(artifacts.projectId, project), eq(artifacts.kind, kind), eq(artifacts.name, name)))
    .orderBy(desc(artifacts.createdAt))
    .limit(limit)
}
