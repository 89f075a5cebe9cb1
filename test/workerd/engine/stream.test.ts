import { expect, test } from 'vitest'
import { env, get, request } from '../support.ts'
import { callBackTask, startTasks, task, tasksOf, untilRun, untilStage } from './tasks.ts'

/** More than one page of anything. */
const LINES = 1_200

/** A run that waits for its tasks, after `a` has logged many lines and `b` one. */
async function talkative(name: string): Promise<string> {
  const runId = await startTasks(name, { a: task({ do: 'later' }), b: task({ do: 'later' }) })
  for (const stage of ['a', 'b']) await untilStage(runId, stage, 'waiting')
  const line = (stage: string, message: string) =>
    ({ stage, attempt: 1, level: 'info', message, fields: {} }) as const
  const lines = Array.from({ length: LINES }, (_, index) => line('a', `line ${index + 1}`))
  await env.WORKFLOW_RUN.getByName(runId).log([...lines, line('b', 'the last')])
  return runId
}

async function finish(runId: string): Promise<void> {
  for (const sent of await tasksOf(runId))
    await callBackTask(sent, { type: 'task.succeeded', outputs: { value: 1 } })
  await untilRun(runId, 'succeeded')
}

interface Message {
  type: string
  data: { line: number; message: string; seq: number; event: { type: string } }
}

async function messagesOf(response: Response): Promise<Message[]> {
  return (await response.text())
    .trim()
    .split('\n\n')
    .map((text) => {
      const [, type, data] = /event: (\w+)\ndata: (.*)$/.exec(text)!
      return { type: type!, data: JSON.parse(data!) }
    })
}

function expectWhole(messages: Message[]): void {
  const lines = messages.filter(({ type }) => type === 'log').map(({ data }) => data.line)
  expect(lines).toEqual(Array.from({ length: LINES + 1 }, (_, index) => index + 1))
  const seqs = messages.filter(({ type }) => type === 'event').map(({ data }) => data.seq)
  expect(seqs).toEqual(seqs.map((_, index) => index + 1))
}

const follow = (runId: string) => request(`/api/v1/runs/${runId}/stream`)

test('who joins late gets everything there was, then what comes, and the end', async () => {
  const runId = await talkative('joined-late')
  const [one, other] = [await follow(runId), await follow(runId)]
  const both = Promise.all([messagesOf(one), messagesOf(other)])
  await finish(runId)
  for (const messages of await both) {
    expect(messages.at(-1)!.type).toBe('end')
    expectWhole(messages)
  }
})

test('the stream of a run that has ended gives all of it, and ends, wherever its log is kept by then', async () => {
  const runId = await talkative('ended-long')
  await finish(runId)
  const messages = await messagesOf(await follow(runId))
  expect(messages.at(-1)!.type).toBe('end')
  expectWhole(messages)
  const stored = async () => (await env.ARTIFACTS.list({ prefix: `default/runs/${runId}/` })).objects
  await expect.poll(async () => (await stored()).length, { timeout: 10_000 }).toBe(2)
  expectWhole(await messagesOf(await follow(runId)))
})

interface Page {
  lines: { line: number; message: string }[]
  next: number | null
}

async function allLines(runId: string, query = ''): Promise<string[]> {
  const messages: string[] = []
  for (let after: number | null = 0; after !== null;) {
    const { body }: { body: Page } = await get<Page>(`/api/v1/runs/${runId}/logs?after=${after}${query}`)
    messages.push(...body.lines.map(({ message }) => message))
    expect(body.next).not.toBe(after)
    after = body.next
  }
  return messages
}

test('the log of one stage is found on whatever page it stands, while the run goes on and after it', async () => {
  const runId = await talkative('paged')
  const expectPages = async () => {
    expect(await allLines(runId, '&stage=b')).toEqual(['the last'])
    expect(await allLines(runId)).toHaveLength(LINES + 1)
  }
  await expectPages()
  await finish(runId)
  await expectPages()
})
