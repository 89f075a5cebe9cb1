import { setTimeout as sleep } from 'node:timers/promises'
import { answer, createClient, ingestRows, SluiceError } from '../../client/sluice.ts'
import { SUPPORT_AGENT_PROMPT } from '../../domain/dataset/prompt.ts'
import { generateTranscripts } from '../../examples/support-agent/transcripts/index.ts'
import { supportSuite } from '../../examples/support-agent/workflow.ts'
import type { RunView } from '../../workers/api/run-view.ts'
import { MIX, type ChaosWorkflow } from './workflows.ts'

/** Transcripts of one run: enough for a model, few enough to score in a second. */
const ROWS = 120
const RETRY_MS = 150

export interface StartedRun {
  runId: string
  workflow: ChaosWorkflow
}

interface Address {
  readonly url: string
  readonly key: string
}

/**
 * Asks again until it is answered: the stack may be down, or a fault may have been injected. What is asked for must be
 * safe to repeat. A refusal is final.
 */
export async function persist<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act()
    } catch (error) {
      if (error instanceof SluiceError && error.status < 500) throw error
      await sleep(RETRY_MS)
    }
  }
}

/** Registers every workflow, and what the models are made from. */
export async function prepare(stack: Address): Promise<{ prompt: string; suite: string }> {
  const client = () => createClient(stack)
  for (const { definition } of new Set(MIX)) {
    const json = definition as unknown as Record<string, never>
    await persist(() => answer(client().workflows.$post({ query: {}, json })))
  }
  const prompt = await persist(() =>
    answer(
      client().prompts[':name'].versions.$post({
        param: { name: 'support-agent' },
        json: { template: SUPPORT_AGENT_PROMPT },
      }),
    ),
  )
  const suite = await persist(() => answer(client().suites.$post({ json: supportSuite })))
  return { prompt: prompt.ref, suite: suite.ref }
}

/** Starts the nth run of the mix. Its key makes a repeated start the same run. */
export async function startRun(
  stack: Address,
  { seed, number, prompt, suite }: { seed: number; number: number; prompt: string; suite: string },
): Promise<StartedRun> {
  const workflow = MIX[number % MIX.length]!
  const inputs: Record<string, string> = {}
  if ('transcripts' in workflow.definition.inputs) {
    const rows = generateTranscripts({ seed: seed * 1000 + number, rows: ROWS, goldenShare: 0.5 })
    const body = rows.map((row) => JSON.stringify(row)).join('\n')
    const { ref } = await persist(() => ingestRows(stack, 'chaos-source', body))
    Object.assign(inputs, { transcripts: ref, prompt, suite })
  }
  const { runId } = await persist(() =>
    answer(
      createClient(stack).workflows[':workflow'].runs.$post({
        param: { workflow: workflow.definition.name },
        header: { 'idempotency-key': `chaos ${seed} ${number}` },
        json: { inputs },
      }),
    ),
  )
  return { runId, workflow }
}

export function viewRun(stack: Address, runId: string): Promise<RunView> {
  return persist(() => answer(createClient(stack).runs[':runId'].$get({ param: { runId } })))
}

/** Ids of all rows that an evaluation has scored, in its score shards. */
export async function scoredRows(stack: Address, evaluationId: string): Promise<string[]> {
  const ids: string[] = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const query = cursor === undefined ? {} : { cursor }
    const page: { rows: unknown[]; next: string | null } = await persist(() =>
      answer(createClient(stack).evaluations[':evaluationId'].rows.$get({ param: { evaluationId }, query })),
    )
    ids.push(...page.rows.map((row) => (row as { rowId: string }).rowId))
    cursor = page.next
  }
  return ids
}
