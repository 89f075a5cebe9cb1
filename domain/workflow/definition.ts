import { Json } from '../json.ts'
import * as z from 'zod'
import { gateSpec } from '../gates/registry.ts'
import { Name, Ref } from '../ref.ts'
import { stageParams } from '../stages/params.ts'
import { STAGE_CONTRACTS, STAGE_KINDS, type StageKind } from '../stages/contracts.ts'

/** Where a stage's input comes from: `inputs.NAME` of the run, `STAGE.OUTPUT` of an earlier stage, or an artifact ref. */
const Source = z.union([z.string().regex(/^[a-z0-9][a-z0-9._-]*\.[a-z][a-zA-Z0-9]*$/), Ref])

export const Retry = z.object({
  /** Attempts in all, the first included. */
  attempts: z.number().int().min(1).max(20).default(1),
  /** Wait before the second attempt; doubled for each further one. */
  backoffSeconds: z.number().min(0).max(3600).default(1),
})

const StageBase = z.strictObject({
  kind: z.enum(STAGE_KINDS),
  owner: z.string().min(1, 'a stage needs an owner'),
  /** Further stages that must have passed first; the producers of `inputs` always must. */
  needs: z.array(Name).default([]),
  inputs: z.record(z.string(), Source).default({}),
  with: z.record(z.string(), Json).default({}),
  gates: z
    .array(z.strictObject({ gate: z.string(), params: z.record(z.string(), Json).default({}) }))
    .default([]),
  retry: Retry.prefault({}),
  timeoutSeconds: z.number().int().min(1).max(86_400).default(3600),
})

export const WorkflowDefinition = z
  .strictObject({
    name: Name,
    description: z.string().default(''),
    /** Refs that a run pins when it starts. A default may be an alias. */
    inputs: z.record(
      z.string().regex(/^[a-z][a-zA-Z0-9]*$/),
      z.strictObject({ kind: z.enum(['dataset', 'model', 'prompt', 'suite']), default: Ref.optional() }),
    ),
    stages: z.record(Name, StageBase),
  })
  .superRefine((definition, context) => {
    for (const [name, stage] of Object.entries(definition.stages)) {
      const at = (field: string, message: string) =>
        context.addIssue({ code: 'custom', path: ['stages', name, ...field.split('.')], message })
      checkInputs(definition, name, stage, at)
      checkParams(stage, at)
    }
    const cycle = findCycle(definition.stages)
    if (cycle)
      context.addIssue({
        code: 'custom',
        path: ['stages'],
        message: `stages wait for each other: ${cycle.join(' → ')}`,
      })
  })
export type WorkflowDefinition = z.infer<typeof WorkflowDefinition>
/** A definition as a person writes it, before defaults are filled in. */
export type WorkflowDraft = z.input<typeof WorkflowDefinition>
export type StageDefinition = WorkflowDefinition['stages'][string]

type Complain = (field: string, message: string) => void

function checkInputs(
  definition: { inputs: Record<string, { kind: string }>; stages: Record<string, StageDefinition> },
  name: string,
  stage: StageDefinition,
  complain: Complain,
): void {
  const contract = STAGE_CONTRACTS[stage.kind]
  for (const port of Object.keys(contract.inputs)) {
    if (!(port in stage.inputs)) complain(`inputs.${port}`, `a ${stage.kind} stage needs the input ${port}`)
  }
  for (const [port, source] of Object.entries(stage.inputs)) {
    const wanted = own<string>(contract.inputs, port)
    if (!wanted) {
      complain(
        `inputs.${port}`,
        `a ${stage.kind} stage has no input ${port}; it has ${Object.keys(contract.inputs).join(', ')}`,
      )
      continue
    }
    const got = sourceKind(definition, source)
    if (!got) complain(`inputs.${port}`, `nothing produces ${source}`)
    else if (got !== wanted)
      complain(`inputs.${port}`, `${source} is a ${got}, but ${name}.${port} takes a ${wanted}`)
  }
  for (const need of stage.needs) {
    if (!own(definition.stages, need)) complain('needs', `there is no stage ${need}`)
  }
}

function checkParams(stage: StageDefinition, complain: Complain): void {
  const params = stageParams[stage.kind].safeParse(stage.with)
  for (const issue of params.error?.issues ?? []) complain(['with', ...issue.path].join('.'), issue.message)
  stage.gates.forEach(({ gate, params: gateParams }, index) => {
    const spec = gateSpec(gate)
    if (!spec) return complain(`gates.${index}.gate`, `there is no gate ${gate}`)
    if (!(spec.stages as readonly StageKind[]).includes(stage.kind)) {
      return complain(
        `gates.${index}.gate`,
        `the gate ${gate} belongs on ${spec.stages.join(' or ')}, not on ${stage.kind}`,
      )
    }
    for (const issue of spec.params.safeParse(gateParams).error?.issues ?? []) {
      complain([`gates.${index}.params`, ...issue.path].join('.'), issue.message)
    }
  })
  const names = stage.gates.map(({ gate }) => gate)
  const twice = names.find((gate, index) => names.indexOf(gate) !== index)
  if (twice) complain('gates', `the gate ${twice} stands twice on this stage`)
}

function sourceKind(
  definition: { inputs: Record<string, { kind: string }>; stages: Record<string, StageDefinition> },
  source: string,
): string | undefined {
  if (source.includes(':')) return source.slice(0, source.indexOf(':'))
  const [head, tail] = splitSource(source)
  if (head === 'inputs') return own(definition.inputs, tail)?.kind
  const producer = own(definition.stages, head)
  return producer && own<string>(STAGE_CONTRACTS[producer.kind].outputs, tail)
}

/** A source's stage (or `inputs`) and what it takes of it; the name of a stage may hold dots. */
export function splitSource(source: string): [from: string, output: string] {
  const dot = source.lastIndexOf('.')
  return [source.slice(0, dot), source.slice(dot + 1)]
}

/** Names come from users: one may be that of something that every object inherits. */
function own<T>(record: Record<string, T>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

/** The stages that must have passed before `stage` starts. */
export function stageNeeds(stage: Pick<StageDefinition, 'needs' | 'inputs'>): string[] {
  const producers = Object.values(stage.inputs)
    .filter((source) => !source.includes(':'))
    .map((source) => splitSource(source)[0])
    .filter((from) => from !== 'inputs')
  return [...new Set([...stage.needs, ...producers])]
}

function findCycle(stages: Record<string, StageDefinition>): string[] | undefined {
  const done = new Set<string>()
  const visit = (name: string, path: string[]): string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name]
    const stage = own(stages, name)
    if (done.has(name) || !stage) return undefined
    for (const need of stageNeeds(stage)) {
      const cycle = visit(need, [...path, name])
      if (cycle) return cycle
    }
    done.add(name)
    return undefined
  }
  for (const name of Object.keys(stages)) {
    const cycle = visit(name, [])
    if (cycle) return cycle
  }
  return undefined
}
