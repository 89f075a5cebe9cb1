import { knowledgeText, renderPrompt, SUPPORT_AGENT_PROMPT } from '../../domain/dataset/prompt.ts'
import { Transcript } from '../../domain/dataset/transcript.ts'
import { scoreRow } from '../../domain/evaluation/score.ts'
import { Suite } from '../../domain/evaluation/suite.ts'
import { generateTranscripts } from '../../examples/support-agent/transcripts/index.ts'
import { supportSuite } from '../../examples/support-agent/workflow.ts'
import { runDemo } from '../demo/demo.ts'
import { parseOptions } from '../demo/options.ts'
import { report } from '../demo/report.ts'
import { figure, type Bench } from './harness.ts'

const DEFAULT_ROUNDS = 3
const quiet = { say: () => undefined, bar: () => ({ update: () => undefined, end: () => undefined }) }

/**
 * The whole demo. `rows_scored_per_s` is of the evaluation stages, generation included; its floor is the same suite on
 * the same rows in a bare Node loop in the same round, with neither model, queue, object nor storage. `sluice_share` is
 * the part of the stages' time that is not spent in training, which is the endpoint's.
 */
export const demo: Bench = async ({ data, rounds = DEFAULT_ROUNDS }) => {
  const options = parseOptions(data === undefined ? [] : ['--data', data])!
  const samples: { seconds: number; rate: number; share: number; floor: number; ok: boolean }[] = []
  for (let round = 0; round < rounds; round++) {
    const { stack, result } = await runDemo(options, quiet, () => undefined)
    await stack.stop()
    const { ok, runs, seconds } = report(result)
    const stages = runs.flatMap((run) => run.stages)
    const time = (kinds: (kind: string) => boolean) =>
      stages.filter(({ kind }) => kinds(kind)).reduce((sum, stage) => sum + (stage.seconds ?? 0), 0)
    const scored = result.scores.reduce((sum, { rows }) => sum + rows, 0)
    samples.push({
      ok,
      seconds,
      rate: scored / time((kind) => kind === 'evaluate'),
      share: time((kind) => kind !== 'train') / time(() => true),
      floor: bareRate(),
    })
  }
  return {
    ok: samples.every(({ ok }) => ok),
    ratios: { rows_scored_vs_bare_loop: figure(samples.map(({ rate, floor }) => rate / floor)) },
    figures: {
      demo_seconds: figure(samples.map(({ seconds }) => seconds)),
      rows_scored_per_s: figure(samples.map(({ rate }) => rate)),
      bare_rows_per_s: figure(samples.map(({ floor }) => floor)),
      sluice_share: figure(samples.map(({ share }) => share)),
    },
    notRun: [],
  }
}

/** Rows a second of the same suite in one Node process, over generated rows and their good answers. */
function bareRate(): number {
  const suite = Suite.parse(supportSuite)
  const rows = generateTranscripts({ seed: 2, rows: 500 })
  const started = performance.now()
  for (const row of rows) {
    const { messages, knowledge, expected } = Transcript.parse(row.data)
    renderPrompt(SUPPORT_AGENT_PROMPT, knowledge, messages)
    const input = {
      messages,
      context: knowledge.map(knowledgeText),
      response: JSON.stringify(expected),
      expected,
    }
    scoreRow(suite.metrics, suite, input)
  }
  return rows.length / ((performance.now() - started) / 1000)
}
