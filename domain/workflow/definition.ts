import type * as z from 'zod'
import { checkWorkflow } from './check.ts'
import { WorkflowShape } from './shape.ts'

/** A definition that can be run. */
export const WorkflowDefinition = WorkflowShape.superRefine((definition, context) => {
  for (const { code, path, message } of checkWorkflow(definition))
    context.addIssue({ code: 'custom', path: [...path], message, params: { finding: code } })
})
export type WorkflowDefinition = z.infer<typeof WorkflowDefinition>
/** A definition as a person writes it, before defaults are filled in. */
export type WorkflowDraft = z.input<typeof WorkflowDefinition>
