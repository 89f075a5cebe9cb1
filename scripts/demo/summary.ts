import Table from 'cli-table3'
import type { RunView } from '../../workers/api/run-view.ts'
import type { DemoResult } from './demo.ts'

/** The end of the demo, for a person. */
export function summarize(result: DemoResult & { seconds: number }): string {
  return [
    ...result.runs.map((run, index) => runTable(run, index + 1)),
    scoreTable(result),
    measureTable(result),
    recordLines(result),
    closingLines(result),
  ].join('\n\n')
}

function runTable(run: RunView, number: number): string {
  const table = new Table({
    head: ['stage', 'owner', 'status', 'time', 'gates'],
    wordWrap: true,
    colWidths: [11, 15, 11, 9, 82],
    style: PLAIN,
  })
  for (const stage of run.stages) {
    const time =
      stage.startedAt !== null && stage.finishedAt !== null
        ? `${((stage.finishedAt - stage.startedAt) / 1000).toFixed(1)} s`
        : ''
    const gates = stage.gates
      .filter(({ at }) => at !== null)
      .map(({ gate, verdict, sentence }) => `${MARK[verdict] ?? '·'} ${gate}: ${sentence}`)
    table.push([stage.stage, stage.owner, stage.status, time, gates.join('\n')])
  }
  return `Run ${number} (${run.runId}): ${run.status}\n${table.toString()}`
}

const MARK: Record<string, string> = { passed: '✔', failed: '✘', inconclusive: '?', waived: '~' }
const PLAIN = { head: [], border: [] }

/** Each metric by cohort: the model of the run, and its difference to the run before, which was in production. */
function scoreTable({ scores }: DemoResult): string {
  const metrics = [...new Set(scores.flatMap((run) => run.scores.map(({ metric }) => metric)))]
  const cohorts = [...new Set(scores.flatMap((run) => run.scores.map(({ cohort }) => cohort)))].toSorted()
  const table = new Table({ head: ['run', 'cohort', 'rows', ...metrics], style: PLAIN })
  scores.forEach((run, index) => {
    const production = scores[index === 2 ? 1 : index - 1]
    for (const cohort of cohorts) {
      const cells = metrics.map((metric) => {
        const own = run.scores.find((score) => score.metric === metric && score.cohort === cohort)
        const before = production?.scores.find((score) => score.metric === metric && score.cohort === cohort)
        if (!own) return ''
        const difference = before
          ? ` (${own.mean >= before.mean ? '+' : '−'}${Math.abs(own.mean - before.mean).toFixed(2)})`
          : ''
        return `${own.mean.toFixed(3)}${difference}`
      })
      const rows = run.scores.find((score) => score.cohort === cohort)?.n ?? 0
      table.push([index + 1, cohort, rows, ...cells])
    }
  })
  return `Scores by cohort, with the difference to the model in production then\n${table.toString()}`
}

function measureTable({ measures }: DemoResult): string {
  const table = new Table({
    head: ['measure', 'value', 'counted from', 'definition'],
    wordWrap: true,
    colWidths: [22, 14, 14, 70],
    style: PLAIN,
  })
  for (const [name, measure] of Object.entries(measures as Record<string, Measure | number>)) {
    if (typeof measure === 'number') continue
    table.push([
      name,
      show(measure),
      `${round(measure.numerator)} / ${round(measure.denominator)}`,
      measure.definition,
    ])
  }
  return `The six measures\n${table.toString()}`
}

interface Measure {
  value: number | null
  unit: string
  numerator: number
  denominator: number
  definition: string
}

function show({ value, unit }: Measure): string {
  if (value === null) return 'n/a'
  if (unit === 'ms') return `${(value / 1000).toFixed(1)} s`
  return unit === 'share'
    ? `${(value * 100).toFixed(1)}%`
    : `${round(value)}${unit === 'per_week' ? ' a week' : ''}`
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

function recordLines({ record }: DemoResult): string {
  const { version, codeSha, model, prompt, datasets, attestations, verdicts, decisions, traces, missing } =
    record as Record<string, never[]> & {
      traces: { total: number }
    }
  return [
    'Reliability record of the version that run 2 deployed',
    `  version       ${String(version)}`,
    `  code          ${String(codeSha)}`,
    `  model         ${String(model)}`,
    `  prompt        ${String(prompt)}`,
    `  made from     ${datasets!.join('\n                ')}`,
    `  attestations  ${attestations!.length} (PII redacted before training)`,
    `  verdicts      ${verdicts!.length}`,
    `  decisions     ${decisions!.map(({ kind, reason }: { kind: string; reason: string }) => `${kind}: ${reason}`).join('; ')}`,
    `  traces        ${traces.total}`,
    `  missing       ${missing!.join(', ') || 'nothing'}`,
  ].join('\n')
}

function closingLines({
  runs,
  gateway,
  sweep,
  damagedCohort,
  rollback,
  seconds,
}: DemoResult & { seconds: number }): string {
  return [
    `Run 3, in which ${damagedCohort} was damaged, ended as ${runs[2]!.status}.`,
    `Gateway: ${gateway.requests} requests, ${gateway.fallbacks} answered by the fallback, ${gateway.failed} failed.`,
    `Sweep: ${sweep.sampled} traces sampled; flagged ${sweep.flagged.join(', ') || 'no cohort'}.`,
    `Rollback to ${rollback.version.slice(0, 30)}…: one call of ${rollback.callMs} ms, in force ${rollback.effectMs} ms later.`,
    `The whole took ${seconds.toFixed(1)} s.`,
  ].join('\n')
}
