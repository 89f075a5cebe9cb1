import type { Change } from '../../domain/workflow/diff.ts'
import { describeChange } from '../../domain/workflow/diff/describe.ts'
import { isError, type Finding } from '../../domain/workflow/lint.ts'
import { counted, indented } from './output.ts'

/** Findings with their codes, places, reasons and fixes, and how many there are. */
export function showFindings(findings: readonly Finding[]): string[] {
  const lines = findings.flatMap(({ severity, code, at, reason, fix }) => [
    `${severity} ${code} at ${at}`,
    ...indented([reason, `fix: ${fix}`]),
  ])
  const errors = findings.filter(isError).length
  return [...lines, `${counted(errors, 'error')}, ${counted(findings.length - errors, 'warning')}`]
}

/** Changes, what got weaker first. */
export function showChanges(changes: readonly Change[]): string[] {
  if (changes.length === 0) return ['nothing changes']
  const weaker = changes.filter((change) => change.weaker)
  const others = changes.filter((change) => !change.weaker)
  return [
    ...weaker.map((change) => `weaker  ${describeChange(change)}`),
    ...others.map((change) => `        ${describeChange(change)}`),
    `${counted(changes.length, 'change')}, ${weaker.length} weaker`,
  ]
}
