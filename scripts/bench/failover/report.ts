import type { Scenario } from './scenarios.ts'
import type { System } from './systems.ts'
import { VERDICTS, type Verdict } from './verdict.ts'

export interface Row {
  scenario: Scenario
  /** In the order of the systems. */
  verdicts: readonly Verdict[]
}

/** A table of scenarios and systems, in Markdown, and under it why each verdict is not `pass`. */
export function printVerdicts(rows: readonly Row[], systems: readonly System[]): void {
  const head = ['scenario', ...systems.map(({ title }) => title)]
  const body = rows.map(({ scenario: { id, title }, verdicts }) => [
    `${id} ${title}`,
    ...verdicts.map(({ verdict }) => verdict),
  ])
  const counts = systems.map((_, i) =>
    VERDICTS.map((name) => rows.filter(({ verdicts }) => verdicts[i]!.verdict === name).length).join(' / '),
  )
  const lines = [head, ...body, [VERDICTS.join(' / '), ...counts]]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  const written = lines.map((line) => `| ${line.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`)
  written.splice(1, 0, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`)
  console.log(`\n${written.join('\n')}\n`)
  for (const [i, { title }] of systems.entries()) {
    console.log(title)
    for (const { scenario, verdicts } of rows)
      console.log(`  ${scenario.id} ${verdicts[i]!.verdict.padEnd(7)} ${verdicts[i]!.why}`)
  }
}
