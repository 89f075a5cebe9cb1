import { own } from '../../domain/own.ts'
import { jsonBytes, type Json } from '../../domain/json.ts'
import { ProblemError } from '../../domain/problem.ts'
import { Ref, parseRef } from '../../domain/ref.ts'
import type { WorkflowDefinition } from '../../domain/workflow/definition.ts'
import { sourcesToPin } from '../../domain/workflow/plan.ts'
import type { Lineage } from '../lineage/db.ts'
import { resolveRef } from '../registry/artifacts.ts'

/** Largest JSON of all values that a run is started with, in bytes: they are part of each run's record. */
const MAX_VALUES_BYTES = 1_000_000

/** Every artifact that a run starts from, at its version of now, and the plain values that it is given. */
export async function pinInputs(
  db: Lineage,
  project: string,
  definition: WorkflowDefinition,
  given: Record<string, Json>,
): Promise<{ pinned: Record<string, string>; values: Record<string, Json> }> {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(definition.inputs, name)) continue
    const known = Object.keys(definition.inputs).join(', ') || 'none'
    refuse(name, `The workflow has no input ${name}; it has: ${known}`)
  }
  const pinned: Record<string, string> = {}
  for (const source of sourcesToPin(definition)) {
    const name = source.startsWith('inputs.') ? source.slice('inputs.'.length) : undefined
    pinned[source] = await resolveRef(
      db,
      project,
      name === undefined ? source : artifactInput(definition, name, given),
    )
  }
  return { pinned, values: valuesOf(definition, given) }
}

function artifactInput(definition: WorkflowDefinition, name: string, given: Record<string, Json>): string {
  const input = definition.inputs[name]!
  const value = own(given, name) ?? input.default
  if (value === undefined) refuse(name, `The input ${name} has no value and no default`)
  const ref = Ref.safeParse(value)
  if (!ref.success || parseRef(ref.data).kind !== input.kind)
    refuse(name, `The input ${name} takes a ${input.kind} ref, not ${JSON.stringify(value).slice(0, 100)}`)
  return ref.data
}

function valuesOf(definition: WorkflowDefinition, given: Record<string, Json>): Record<string, Json> {
  const values: Record<string, Json> = {}
  for (const [name, input] of Object.entries(definition.inputs)) {
    if (input.kind !== 'value') continue
    const value = own(given, name) ?? input.default
    if (value === undefined) refuse(name, `The input ${name} has no value and no default`)
    values[name] = value
  }
  const bytes = jsonBytes(values)
  if (bytes > MAX_VALUES_BYTES)
    refuse(
      Object.keys(values)[0]!,
      `The values are ${bytes} bytes of JSON; at most ${MAX_VALUES_BYTES} are taken: put more into a dataset`,
    )
  return values
}

function refuse(name: string, detail: string): never {
  throw new ProblemError('run.inputs', detail, { field: `inputs.${name}` })
}
