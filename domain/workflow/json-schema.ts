import * as z from 'zod'
import { GATES } from '../gates/registry.ts'
import type { Json } from '../json.ts'
import { stageParams } from '../stages/params.ts'
import { WorkflowShape } from './shape.ts'

type Schema = { [key: string]: Json }

/** The name by which a definition in JSON may point at its schema, and editors know it. */
export const WORKFLOW_SCHEMA_ID = 'urn:sluice:schema:workflow'

/**
 * JSON Schema 2020-12 of a definition as a person writes it: what `with` holds by the kind of stage, and `params` by
 * gate. That stages fit together is for `lint` to say.
 */
export function workflowJsonSchema(): Schema {
  const { $schema, ...schema } = schemaOf(WorkflowShape)
  // Editors find the schema by this key; it is no part of the definition.
  Object.assign(within(schema, 'properties'), { $schema: { type: 'string' } })
  const stage = within(schema, 'properties', 'stages', 'additionalProperties')
  const gate = within(stage, 'properties', 'gates', 'items')
  Object.assign(within(gate, 'properties'), { gate: { type: 'string', enum: Object.keys(GATES) } })
  gate.allOf = Object.entries(GATES).map(([name, { params }]) =>
    when('gate', name, 'params', schemaOf(params)),
  )
  stage.allOf = Object.entries(stageParams).map(([kind, params]) =>
    when('kind', kind, 'with', schemaOf(params)),
  )
  return {
    $schema: $schema!,
    $id: WORKFLOW_SCHEMA_ID,
    title: 'Sluice workflow',
    description: 'The definition of a workflow, as `sluice apply` takes it.',
    ...schema,
  }
}

function schemaOf(shape: z.ZodType): Schema {
  return z.toJSONSchema(shape, { io: 'input' }) as Schema
}

/** What one field holds when another has a value. It may be left out unless it has parts that must be there. */
function when(field: string, value: string, holder: string, { $schema: _, ...schema }: Schema): Schema {
  const demands = Array.isArray(schema.required) && schema.required.length > 0
  return {
    if: { properties: { [field]: { const: value } }, required: [field] },
    // oxlint-disable-next-line unicorn/no-thenable -- the keyword of JSON Schema
    then: { properties: { [holder]: schema }, ...(demands ? { required: [holder] } : {}) },
  }
}

function within(schema: Schema, ...path: string[]): Schema {
  return path.reduce((inner, key) => inner[key] as Schema, schema)
}
