import type * as z from 'zod'
import { finding, FINDINGS, type Finding, type FindingCode } from './finding.ts'

export type Issue = Pick<z.core.$ZodIssue, 'path' | 'message'> & {
  code?: string | undefined
  /** Of an alternative: what is wrong with each of its branches. */
  errors?: readonly (readonly Issue[])[]
  params?: Record<string, unknown> | undefined
}

/** What a schema found, as findings. */
export function findingsOfIssues(issues: readonly Issue[]): Finding[] {
  return issues.map((issue) => {
    const code = codeOf(issue)
    return finding(code, issue.path, code === 'no-owner' ? 'a stage needs an owner' : reasonOf(issue))
  })
}

function codeOf({ path, params }: Issue): FindingCode {
  const given = params?.finding
  if (typeof given === 'string' && Object.hasOwn(FINDINGS, given)) return given as FindingCode
  return path[0] === 'stages' && path[2] === 'owner' ? 'no-owner' : 'shape'
}

function reasonOf({ message, errors = [] }: Issue): string {
  const reasons = new Set(errors.flatMap((branch) => branch.slice(0, 1).map(reasonOf)))
  return reasons.size === 0 ? message : [...reasons].join('; or ')
}
