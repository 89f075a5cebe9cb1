import type { Json } from '../../json.ts'
import { stageParams } from '../../stages/params.ts'
import type { WorkflowDefinition } from '../definition.ts'
import { upstreamOf } from '../lint/graph.ts'
import type { StageDefinition } from '../stage.ts'
import { change, differingLeaves, keysOf, ownOf, type Change } from './change.ts'
import { gateChanges } from './gates.ts'
import { STAGE_STRICTNESS, strictnessOf } from './strictness.ts'
import { whyWeaker } from './weaker.ts'

type Definition = WorkflowDefinition

export function stageChanges(before: Definition, after: Definition): Change[] {
  return keysOf(before.stages, after.stages).flatMap((name) => {
    const [from, to] = [ownOf(before.stages, name), ownOf(after.stages, name)]
    const place = { path: ['stages', name], stage: name }
    if (!to) return [change(place, asJson(from!), undefined, whyMissed(name, from!, before))]
    if (!from) return [change(place, undefined, asJson(to))]
    return [...fieldChanges(name, before, after), ...gateChanges(name, from, to)]
  })
}

/** Why a stage that is gone leaves the workflow weaker. */
function whyMissed(name: string, stage: StageDefinition, { stages }: Definition): string | null {
  const gates = stage.gates.map(({ gate }) => gate)
  if (gates.length > 0) return `its ${gates.length === 1 ? 'gate is' : 'gates are'} gone: ${gates.join(', ')}`
  if (stage.kind === 'evaluate') return 'what it evaluated is not evaluated'
  if (stage.kind === 'monitor') return 'nothing watches the route that it watched'
  const undone = Object.keys(stages).find((each) => stages[each]!.rollback === name)
  return undone === undefined ? null : `nothing undoes ${undone}`
}

function fieldChanges(name: string, before: Definition, after: Definition): Change[] {
  const from = before.stages[name]!
  const lost = lostGuards(name, before, after)
  return differingLeaves(fieldsOf(name, before), fieldsOf(name, after)).map(
    ({ path, before: old, after: now }) => {
      const strictness = strictnessOf(STAGE_STRICTNESS[from.kind], path)
      const reason = strictness ? whyWeaker(strictness, old, now) : whyFieldWeaker(path[0]!, from, old, now)
      const unguarded = lost.length > 0 && ORDERING.has(path[0]!) ? whyUnguarded(lost) : null
      return change({ path: ['stages', name, ...path], stage: name }, old, now, reason ?? unguarded)
    },
  )
}

/** Fields by which a stage waits for others. */
const ORDERING: ReadonlySet<string> = new Set(['needs', 'inputs', 'when', 'map'])

function whyFieldWeaker(
  field: string,
  stage: StageDefinition,
  before: Json | undefined,
  after: Json | undefined,
): string | null {
  const gates = stage.gates.map(({ gate }) => gate).join(', ')
  switch (field) {
    case 'when':
      return gates && after !== undefined
        ? `the stage may be skipped, and then its gates are not run: ${gates}`
        : null
    case 'onFailure':
      return gates && after === true
        ? `the stage runs only when a run fails, and so do its gates: ${gates}`
        : null
    case 'rollback':
      return after === undefined ? 'what the stage does is not undone when the run fails' : null
    case 'kind':
      return before === 'evaluate' || before === 'monitor' ? `it is no ${before} stage any more` : null
    case 'waitFor': {
      const gone = listed(before).filter((signal) => !listed(after).includes(signal))
      return gone.length > 0 ? `the stage no longer waits for the signal ${gone.join(', ')}` : null
    }
    default:
      return null
  }
}

/** Stages with gates that had to pass before this one, are still there, and need not pass any more. */
function lostGuards(name: string, before: Definition, after: Definition): string[] {
  const now = upstreamOf(after.stages, name)
  return [...upstreamOf(before.stages, name)].filter(
    (each) => !now.has(each) && (ownOf(after.stages, each)?.gates.length ?? 0) > 0,
  )
}

function whyUnguarded(lost: readonly string[]): string {
  return `it no longer waits for the gates of ${lost.join(', ')}`
}

/** A stage without its gates, with defaults filled in; lists whose order says nothing are sorted. */
function fieldsOf(name: string, definition: Definition): Json {
  const stage = definition.stages[name]!
  const { gates: _, needs, ...fields } = stage
  const params = stageParams[stage.kind].safeParse(stage.with)
  return asJson({
    ...fields,
    with: params.success ? params.data : stage.with,
    ...(needs.length > 0 ? { needs: needs.toSorted() } : {}),
    ...(fields.waitFor ? { waitFor: fields.waitFor.toSorted() } : {}),
  })
}

function listed(list: Json | undefined): Json[] {
  return Array.isArray(list) ? list : []
}

function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json
}
