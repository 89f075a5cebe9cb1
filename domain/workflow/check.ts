import { own } from '../own.ts'
import { gateSpec } from '../gates/registry.ts'
import { parseRef, Ref } from '../ref.ts'
import type { Json } from '../json.ts'
import { contractOf, type StageKind } from '../stages/contracts.ts'
import { stageParams } from '../stages/params.ts'
import type { FindingCode } from './lint/finding.ts'
import { NOT_STAGES, splitSource } from './source.ts'
import { stageNeeds, type StageDefinition } from './stage.ts'
import type { WorkflowShape } from './shape.ts'
import type { Trigger } from './trigger.ts'

type Definition = WorkflowShape
export interface Fault {
  code: FindingCode
  path: readonly (string | number)[]
  message: string
}
type Complain = (code: FindingCode, field: string, message: string) => void

/** What makes a definition of the right shape impossible to run. What is merely unwise is for `lint`. */
export function checkWorkflow(definition: Definition): Fault[] {
  const faults: Fault[] = []
  for (const [name, stage] of Object.entries(definition.stages)) {
    const complain: Complain = (code, field, message) =>
      faults.push({ code, path: ['stages', name, ...field.split('.')], message })
    if (NOT_STAGES.includes(name))
      complain('reserved-name', 'kind', `${name} is no name for a stage: sources begin with it`)
    checkInputs(definition, name, stage, complain)
    checkPorts(definition, stage, complain)
    checkRole(definition, name, stage, complain)
    checkParams(stage, complain)
  }
  for (const [name, source] of Object.entries(definition.outputs ?? {})) {
    if (!sourceKind(definition, source))
      faults.push({ code: 'unknown-source', path: ['outputs', name], message: `nothing produces ${source}` })
  }
  const cycle = findCycle(definition.stages)
  if (cycle)
    faults.push({
      code: 'cycle',
      path: ['stages'],
      message: `stages wait for each other: ${cycle.join(' → ')}`,
    })
  return [...faults, ...checkTriggers(definition)]
}

function checkInputs(definition: Definition, name: string, stage: StageDefinition, complain: Complain): void {
  const contract = contractOf(stage.kind)
  for (const port of Object.keys(contract.inputs)) {
    if (!(port in stage.inputs))
      complain('missing-input', `inputs.${port}`, `a ${stage.kind} stage needs the input ${port}`)
  }
  for (const [port, source] of Object.entries(stage.inputs)) {
    const wanted = contract.open ? 'any' : own<string>(contract.inputs, port)
    if (!wanted) {
      const known = Object.keys(contract.inputs).join(', ')
      complain(
        'unknown-input',
        `inputs.${port}`,
        `a ${stage.kind} stage has no input ${port}; it has ${known}`,
      )
      continue
    }
    const got = sourceKind(definition, source)
    if (!got) complain('unknown-source', `inputs.${port}`, `nothing produces ${source}`)
    else if (wanted !== 'any' && got !== wanted)
      complain('wrong-kind', `inputs.${port}`, `${source} is a ${got}, but ${name}.${port} takes a ${wanted}`)
  }
  for (const need of stage.needs) {
    if (!own(definition.stages, need)) complain('unknown-stage', 'needs', `there is no stage ${need}`)
  }
}

/** What a mapped stage gives besides the outputs that it declares. */
const MAP_OUTPUTS: readonly string[] = ['items', 'failed', 'results']
/** Kinds whose work says now and then that it goes on. */
const BEATING: ReadonlySet<StageKind> = new Set(['ingest', 'clean', 'features', 'train', 'task'])

/** What else a stage reads: its condition, its list, and what it says it gives. */
function checkPorts(definition: Definition, stage: StageDefinition, complain: Complain): void {
  const contract = contractOf(stage.kind)
  if (stage.when && !sourceKind(definition, stage.when.source))
    complain('unknown-source', 'when.source', `nothing produces ${stage.when.source}`)
  if (stage.map) {
    const kind = sourceKind(definition, stage.map.over)
    if (stage.kind !== 'task')
      complain('bad-map', 'map', `only a task is mapped over a list, not a ${stage.kind} stage`)
    else if (!kind) complain('unknown-source', 'map.over', `nothing produces ${stage.map.over}`)
    else if (kind !== 'value') complain('bad-map', 'map.over', `${stage.map.over} is a ${kind}, not a list`)
    for (const [name, port] of Object.entries(stage.outputs ?? {})) {
      if (port !== 'value')
        complain('bad-outputs', `outputs.${name}`, `a mapped stage gives lists: ${name} must be a value`)
      if (MAP_OUTPUTS.includes(name))
        complain('bad-outputs', `outputs.${name}`, `a mapped stage gives ${name} by itself`)
    }
  }
  if (stage.heartbeatSeconds !== undefined && !BEATING.has(stage.kind))
    complain(
      'bad-heartbeat',
      'heartbeatSeconds',
      `nobody gives signs of life for a ${stage.kind} stage; it has its timeout`,
    )
  if (stage.cache && contract.cached === undefined)
    complain(
      'bad-cache',
      'cache',
      `a ${stage.kind} stage does something anew each time: it cannot be taken over`,
    )
  if (stage.cache && stage.rollback !== undefined)
    complain('bad-cache', 'cache', 'what a failed run undoes is not there to be taken over')
  if (stage.outputs && !contract.open)
    complain(
      'bad-outputs',
      'outputs',
      `a ${stage.kind} stage gives ${Object.keys(contract.outputs).join(', ')}; only task and workflow stages name their own outputs`,
    )
}

/** A stage that undoes another, or runs on failure, stands outside the usual order. */
function checkRole(definition: Definition, name: string, stage: StageDefinition, complain: Complain): void {
  const isRollback = Object.values(definition.stages).some(({ rollback }) => rollback === name)
  if (stage.rollback !== undefined) {
    const undoing = own(definition.stages, stage.rollback)
    if (!undoing) complain('unknown-stage', 'rollback', `there is no stage ${stage.rollback}`)
    else if (stage.rollback === name) complain('bad-role', 'rollback', 'a stage cannot undo itself')
    const undone = Object.values(definition.stages).filter(({ rollback }) => rollback === stage.rollback)
    if (undone.length > 1) complain('bad-role', 'rollback', `${stage.rollback} undoes another stage already`)
    if (contractOf(stage.kind).takesEffect)
      complain(
        'bad-role',
        'rollback',
        `a ${stage.kind} stage undoes its own effect; it takes no rollback stage`,
      )
    if (isRollback || stage.onFailure)
      complain('bad-role', 'rollback', 'a stage that undoes another is not undone itself')
  }
  if (isRollback && stage.onFailure)
    complain('bad-role', 'onFailure', 'the stage undoes another; it cannot run on failure too')
  if ((isRollback || stage.onFailure) && contractOf(stage.kind).takesEffect)
    complain('bad-role', 'kind', `a ${stage.kind} stage cannot run while a run is being undone`)
  if (isRollback || stage.onFailure) return
  const outside = stageNeeds(stage).find((need) => isOutside(definition, need))
  if (outside)
    complain('bad-role', 'needs', `${outside} runs only when the run fails: nothing can wait for it`)
}

function isOutside(definition: Definition, name: string): boolean {
  const isRollback = Object.values(definition.stages).some(({ rollback }) => rollback === name)
  return isRollback || own(definition.stages, name)?.onFailure === true
}

function checkParams(stage: StageDefinition, complain: Complain): void {
  const params = stageParams[stage.kind].safeParse(stage.with)
  for (const issue of params.error?.issues ?? [])
    complain('bad-params', ['with', ...issue.path].join('.'), issue.message)
  stage.gates.forEach(({ gate, params: gateParams }, index) => {
    const spec = gateSpec(gate)
    if (!spec) return complain('unknown-gate', `gates.${index}.gate`, `there is no gate ${gate}`)
    if (spec.stages !== 'any' && !(spec.stages as readonly StageKind[]).includes(stage.kind)) {
      const belongs = spec.stages.join(' or ')
      return complain(
        'misplaced-gate',
        `gates.${index}.gate`,
        `the gate ${gate} belongs on ${belongs}, not on ${stage.kind}`,
      )
    }
    for (const issue of spec.params.safeParse(gateParams).error?.issues ?? []) {
      const code = isAbsent(gateParams, issue.path) ? 'gate-without-threshold' : 'bad-gate-params'
      complain(code, [`gates.${index}.params`, ...issue.path].join('.'), issue.message)
    }
  })
  const names = stage.gates.map(({ gate }) => gate)
  const twice = names.find((gate, index) => names.indexOf(gate) !== index)
  if (twice) complain('repeated-gate', 'gates', `the gate ${twice} stands twice on this stage`)
}

/** Whether there is nothing at a place: no value, or an empty list of what to look at. */
function isAbsent(params: Json, path: readonly PropertyKey[]): boolean {
  const value = path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown>)?.[key], params)
  return typeof value === 'object' ? Object.keys(value ?? {}).length === 0 : value === undefined
}

function checkTriggers(definition: Definition): Fault[] {
  const triggers = definition.triggers ?? []
  return triggers.flatMap((trigger, index) => {
    const at = (field: string, message: string): Fault => ({
      code: 'bad-trigger',
      path: ['triggers', index, field],
      message,
    })
    const faults: Fault[] = []
    if (triggers.findIndex(({ name }) => name === trigger.name) !== index)
      faults.push(at('name', `there are two triggers ${trigger.name}`))
    const given = [...Object.keys(trigger.inputs), ...('input' in trigger ? [trigger.input] : [])]
    for (const name of given) {
      if (name !== undefined && !own(definition.inputs, name))
        faults.push(at('inputs', `the workflow has no input ${name}`))
    }
    for (const [name, value] of Object.entries(trigger.inputs)) {
      const kind = own<{ kind: string }>(definition.inputs, name)?.kind
      const ref = Ref.safeParse(value)
      if (kind && kind !== 'value' && !(ref.success && parseRef(ref.data).kind === kind))
        faults.push(at('inputs', `the input ${name} takes a ${kind} ref`))
    }
    const gives = givenKind(trigger)
    const taker =
      'input' in trigger ? own<{ kind: string }>(definition.inputs, trigger.input ?? '') : undefined
    if (gives && taker && gives !== taker.kind)
      faults.push(at('input', `the trigger gives a ${gives}, but the input takes a ${taker.kind}`))
    return faults
  })
}

/** The kind of artifact that a trigger gives its input. */
function givenKind(trigger: Trigger): string | undefined {
  if (trigger.on === 'dataset') return 'dataset'
  return trigger.on === 'alias' ? parseRef(trigger.alias).kind : undefined
}

/** The kind of thing that a source gives; nothing when nothing produces it. */
export function sourceKind(
  definition: Pick<Definition, 'inputs' | 'stages'>,
  source: string,
): string | undefined {
  if (source.includes(':')) return source.slice(0, source.indexOf(':'))
  const [head, tail] = splitSource(source)
  if (head === 'inputs') return own<{ kind: string }>(definition.inputs, tail)?.kind
  if (head === 'signals') return 'value'
  const stage = own(definition.stages, head)
  return stage && own<string>(stage.outputs ?? contractOf(stage.kind).outputs, tail)
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
