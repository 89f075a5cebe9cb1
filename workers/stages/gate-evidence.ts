import { eq } from 'drizzle-orm'
import type { EvidenceOf, GateName } from '../../domain/gates/registry.ts'
import type { RouteTarget, RouteVersion } from '../../domain/routing/route.ts'
import type { Suite } from '../../domain/evaluation/suite.ts'
import { formatRef } from '../../domain/ref.ts'
import type { StageContext } from '../../durable-objects/workflow-run.ts'
import type { Env } from '../env.ts'
import { cohortScoresOf } from '../evaluation/finish.ts'
import { pairedRows } from '../evaluation/paired-rows.ts'
import { lineage } from '../lineage/db.ts'
import { evaluations } from '../lineage/schema.ts'
import { findArtifact, getArtifact, newerVersion } from '../registry/artifacts.ts'
import { askModel } from '../routing/call-model.ts'

type Loaders = { [G in GateName]: (env: Env, context: StageContext) => Promise<EvidenceOf<G>> }

/** What each gate looks at. A stage leaves the gate's numbers in its outputs where only it could count them. */
const LOADERS: Loaders = {
  'data-quality': async (_env, { outputs }) => outputs.profile as unknown as EvidenceOf<'data-quality'>,
  'pii-residual': async (_env, { outputs }) => outputs.redaction as unknown as EvidenceOf<'pii-residual'>,
  freshness: loadFreshness,
  coverage: async (env, context) => {
    const evaluationId = evaluationIdOf(context)
    const [row] = await lineage(env.LINEAGE)
      .select()
      .from(evaluations)
      .where(eq(evaluations.evaluationId, evaluationId))
    const suite = row!.suite as unknown as Suite
    return {
      evaluators: suite.metrics.map(({ evaluator }) => evaluator),
      scores: await cohortScoresOf(env, evaluationId),
    }
  },
  threshold: async (env, context) => ({ scores: await cohortScoresOf(env, evaluationIdOf(context)) }),
  'no-regression': async (env, context) => {
    const { model, production, productionEvaluation } = context.outputs as Record<string, string | null>
    const rows = productionEvaluation
      ? await pairedRows(env, context.run.project, evaluationIdOf(context), productionEvaluation)
      : []
    return { candidate: model!, production: production ?? null, rows }
  },
  'single-change': async (env, context) => {
    const { route, previous } = context.outputs as { route: string; previous: string | null }
    return {
      candidate: changeable(await routeSpec(env, context, route)),
      production: previous === null ? null : changeable(await routeSpec(env, context, previous)),
    }
  },
  'rollback-ready': async (env, context) => {
    const { route, previous } = context.outputs as { route: string; previous: string | null }
    const candidate = await probe(env, (await routeSpec(env, context, route)).targets[0]!)
    const before =
      previous === null ? null : await probe(env, (await routeSpec(env, context, previous)).targets[0]!)
    return { previous, probe: before, candidate }
  },
}

export function gateEvidence(env: Env, gate: string, context: StageContext): Promise<unknown> {
  return LOADERS[gate as GateName](env, context)
}

async function loadFreshness(env: Env, context: StageContext): Promise<EvidenceOf<'freshness'>> {
  const db = lineage(env.LINEAGE)
  const refs = Object.values(context.inputs).filter((value): value is string => typeof value === 'string')
  const now = context.run.reproduces?.createdAt ?? Date.now()
  const inputs = []
  for (const ref of refs) {
    const artifact = ref.includes('@') ? await findArtifact(db, context.run.project, ref) : undefined
    if (!artifact) continue
    const newer = await newerVersion(db, context.run.project, ref, artifact.createdAt, now)
    inputs.push({
      ref,
      createdAt: artifact.createdAt,
      newer: newer
        ? { ref: formatRef(parseKind(newer.kind), newer.name, newer.version), createdAt: newer.createdAt }
        : null,
    })
  }
  return { now, inputs }
}

function parseKind(kind: string): Parameters<typeof formatRef>[0] {
  return kind as Parameters<typeof formatRef>[0]
}

function evaluationIdOf({ inputs, outputs }: StageContext): string {
  return (outputs.evaluation ?? inputs.evaluation) as string
}

async function routeSpec(env: Env, context: StageContext, ref: string): Promise<RouteVersion> {
  return (await getArtifact(lineage(env.LINEAGE), context.run.project, ref))
    .manifest as unknown as RouteVersion
}

function changeable({ targets, prompt, timeouts }: RouteVersion): EvidenceOf<'single-change'>['candidate'] {
  return { model: targets[0]!.model, prompt, route: JSON.stringify(timeouts) }
}

/** Longest wait for the answer to a probe. */
const PROBE_TIMEOUT_MS = 5_000

/** A real question to a target. */
async function probe(env: Env, target: RouteTarget): Promise<EvidenceOf<'rollback-ready'>['candidate']> {
  const started = Date.now()
  const answer = await askModel(env, target, [{ role: 'user', content: 'Are you there?' }], PROBE_TIMEOUT_MS)
  const ms = Date.now() - started
  return 'error' in answer
    ? { answered: false, detail: answer.error, ms }
    : { answered: true, detail: `${answer.text.length} characters`, ms }
}
