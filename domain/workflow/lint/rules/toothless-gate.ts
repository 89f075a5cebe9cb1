import { gateSpec, type GateName } from '../../../gates/registry.ts'
import type { Json } from '../../../json.ts'
import type { WorkflowDefinition } from '../../definition.ts'
import { STRICTNESS, strictnessOf } from '../../diff/strictness.ts'
import { finding, type Finding } from '../finding.ts'

/** A limit at which everything gets through is none. */
export function toothlessGate({ stages }: WorkflowDefinition): Finding[] {
  return Object.entries(stages).flatMap(([name, stage]) =>
    stage.gates.flatMap(({ gate, params }, index) =>
      openLimits(gate, params).map(({ path, value }) => {
        const at = ['stages', name, 'gates', index, 'params', ...path]
        return finding('toothless-gate', at, `nothing fails ${gate} at ${path.join('.')} ${value}`)
      }),
    ),
  )
}

/** A gate that lets through what its data can’t tell asks for no data. */
export function inconclusivePasses({ stages }: WorkflowDefinition): Finding[] {
  return Object.entries(stages).flatMap(([name, { gates }]) =>
    gates.flatMap(({ gate, params }, index) => {
      if (!gateSpec(gate) || params.onInconclusive !== 'pass') return []
      const at = ['stages', name, 'gates', index, 'params', 'onInconclusive']
      return [finding('inconclusive-passes', at, `with too few rows, ${gate} lets everything through`)]
    }),
  )
}

function openLimits(gate: string, params: Json): { path: string[]; value: number }[] {
  const table = Object.hasOwn(STRICTNESS, gate) ? STRICTNESS[gate as GateName] : undefined
  return numbersIn(params).filter(({ path, value }) => {
    const strictness = strictnessOf(table, path)
    return strictness !== undefined && 'open' in strictness && strictness.open === value
  })
}

function numbersIn(value: Json, path: string[] = []): { path: string[]; value: number }[] {
  if (typeof value === 'number') return [{ path, value }]
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => numbersIn(inner, [...path, key]))
}
