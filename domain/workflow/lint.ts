import { checkWorkflow } from './check.ts'
import type { WorkflowDefinition } from './definition.ts'
import { WorkflowShape } from './shape.ts'
import { finding, type Finding } from './lint/finding.ts'
import { findingsOfIssues } from './lint/refusal.ts'
import { RULES } from './lint/rules/registry.ts'

export type { Finding }

/** What is unwise in a definition that could run, errors first. */
export function lint(definition: WorkflowDefinition): Finding[] {
  const findings = RULES.flatMap((rule) => rule(definition))
  return findings.toSorted((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'))
}

/** Anything as a definition: the definition, unless there is an error among the findings. */
export function inspect(draft: unknown): { definition?: WorkflowDefinition; findings: Finding[] } {
  const shaped = WorkflowShape.safeParse(withoutSchemaKey(draft))
  if (!shaped.success) return { findings: findingsOfIssues(shaped.error.issues) }
  const faults = checkWorkflow(shaped.data).map(({ code, path, message }) => finding(code, path, message))
  const findings = [...faults, ...lint(shaped.data)]
  return findings.some(isError) ? { findings } : { definition: shaped.data, findings }
}

/** A definition in JSON may name its schema for editors. */
function withoutSchemaKey(draft: unknown): unknown {
  if (typeof draft !== 'object' || draft === null || !('$schema' in draft)) return draft
  const { $schema: _, ...definition } = draft
  return definition
}

export function isError({ severity }: Finding): boolean {
  return severity === 'error'
}
