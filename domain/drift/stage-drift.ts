import type { WorkflowDefinition } from '../workflow/definition.ts'
import { stageNeeds, type StageDefinition } from '../workflow/stage.ts'
import { artifactDrift, type Ages, type ArtifactDrift, type FreshnessLimit } from './artifact-drift.ts'

/** The newest time at which a stage did its work, and the refs that it took, by port. */
export interface StageWork {
  stage: string
  runId: string
  finishedAt: number | null
  inputs: Record<string, string>
}

export interface StageDrift {
  stage: string
  runId: string | null
  finishedAt: number | null
  inputs: (ArtifactDrift & { port: string })[]
  /** Stages before this one that drift themselves: what this one took of them is out of date too. */
  upstream: string[]
  drifts: boolean
  sentence: string
}

/** The drift of every stage of a definition, by the newest work of each. */
export function stagesDrift(
  definition: WorkflowDefinition,
  work: readonly StageWork[],
  ages: Ages,
  now: number,
): StageDrift[] {
  const stages = Object.entries(definition.stages)
  const own = new Map(
    stages.map(([name, stage]) => [
      name,
      stageInputs(
        stage,
        work.find((row) => row.stage === name),
        ages,
        now,
      ),
    ]),
  )
  const drifts = (name: string) => own.get(name)?.some((input) => input.drifts) ?? false
  return stages.map(([name, stage]) => {
    const row = work.find((each) => each.stage === name)
    const inputs = own.get(name)!
    const upstream = upstreamOf(definition, stage).filter(drifts)
    return {
      stage: name,
      runId: row?.runId ?? null,
      finishedAt: row?.finishedAt ?? null,
      inputs,
      upstream,
      drifts: drifts(name),
      sentence: stageSentence(name, row, inputs, upstream),
    }
  })
}

function stageInputs(stage: StageDefinition, row: StageWork | undefined, ages: Ages, now: number) {
  const limit = freshnessLimit(stage)
  return Object.entries(row?.inputs ?? {}).flatMap(([port, ref]) => {
    const age = ages.get(ref)
    return age ? [{ port, ...artifactDrift(age, limit, now) }] : []
  })
}

function freshnessLimit({ gates }: StageDefinition): FreshnessLimit | null {
  const params = gates.find(({ gate }) => gate === 'freshness')?.params
  if (!params) return null
  return { maxAgeDays: Number(params.maxAgeDays), allowOlderVersion: params.allowOlderVersion === true }
}

/** Every stage before this one, in the order of the definition. */
function upstreamOf({ stages }: WorkflowDefinition, stage: StageDefinition): string[] {
  const found = new Set<string>()
  const visit = (name: string) => {
    if (found.has(name) || !Object.hasOwn(stages, name)) return
    found.add(name)
    stageNeeds(stages[name]!).forEach(visit)
  }
  stageNeeds(stage).forEach(visit)
  return Object.keys(stages).filter((name) => found.has(name))
}

function stageSentence(
  stage: string,
  row: StageWork | undefined,
  inputs: StageDrift['inputs'],
  upstream: readonly string[],
): string {
  if (!row) return `${stage} has not passed in any run that the report looked at.`
  const behind = upstream.length > 0 ? ` What it builds on drifts in: ${upstream.join(', ')}.` : ''
  const drifting = inputs.filter((input) => input.drifts)
  if (drifting.length > 0) return `${drifting.map(({ sentence }) => sentence).join(' ')}${behind}`
  if (inputs.length === 0) return `${stage} took no artifact whose age is known.${behind}`
  return `The inputs of ${stage} are within their limits.${behind}`
}
