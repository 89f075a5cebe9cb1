import { InvalidArgumentError, type Command } from 'commander'
import type { Json } from '../../domain/json.ts'
import { answer } from '../sluice.ts'
import { connect } from './connection.ts'
import { print, shortVersion, table } from './output.ts'
import { showRun, showTime } from './show-run.ts'

type Inputs = Record<string, Json>

interface StartOptions {
  input: Inputs
  force?: true | string[]
  priority?: number
  workflowVersion?: string
  idempotencyKey?: string
}

/** Runs: `start`, `runs`, `run`, `cancel`. */
export function runCommands(program: Command): void {
  program
    .command('start')
    .description('start a run of a workflow')
    .argument('<workflow>')
    .option('-i, --input <name=ref>', 'an input, once for each; name:=JSON for a plain value', addInput, {})
    .option('--force [stages...]', 'do these stages, or all, anew instead of taking over equal work')
    .option('--priority <number>', 'runs that wait for the same slot start highest first', wholeNumber)
    .option('--workflow-version <version>', 'the current one when left out')
    .option('--idempotency-key <key>', 'the same key starts one run, however often it is sent')
    .action(start)
  program
    .command('runs')
    .description('list runs, newest first')
    .option('--limit <number>', 'how many', wholeNumber, 20)
    .action(list)
  program
    .command('run')
    .description('show a run with its stages and gate verdicts')
    .argument('<run-id>')
    .action(show)
  program
    .command('cancel')
    .description('cancel a run; what took effect is undone')
    .argument('<run-id>')
    .option('--reason <text>', 'why, for those who look at it later', 'cancelled from the command line')
    .action(cancel)
}

async function start(workflow: string, options: StartOptions, command: Command): Promise<void> {
  const { input, force, priority, workflowVersion, idempotencyKey } = options
  const started = await answer(
    connect(command).workflows[':workflow'].runs.$post({
      param: { workflow },
      header: idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey },
      json: {
        inputs: input,
        ...(force === undefined ? {} : { force }),
        ...(priority === undefined ? {} : { priority }),
        ...(workflowVersion === undefined ? {} : { version: workflowVersion }),
      },
    }),
  )
  print(command, started, [
    `${started.runId} runs ${started.workflow} at version ${shortVersion(started.workflowVersion)}`,
  ])
}

async function list({ limit }: { limit: number }, command: Command): Promise<void> {
  const page = await answer(connect(command).runs.$get({ query: { limit: String(limit) } }))
  const rows = page.runs.map(({ runId, workflow, status, createdAt, author }) => [
    runId,
    workflow,
    status,
    showTime(createdAt),
    author,
  ])
  print(command, page, rows.length === 0 ? ['there are no runs'] : table(rows))
}

async function show(runId: string, _options: unknown, command: Command): Promise<void> {
  const run = await answer(connect(command).runs[':runId'].$get({ param: { runId } }))
  print(command, run, showRun(run))
}

async function cancel(runId: string, { reason }: { reason: string }, command: Command): Promise<void> {
  const answered = await answer(
    connect(command).runs[':runId'].cancel.$post({ param: { runId }, json: { reason } }),
  )
  print(command, answered, [`${runId} is ${answered.status}`])
}

/** `name=ref` or `name:=JSON`. */
function addInput(text: string, inputs: Inputs): Inputs {
  const [, name, isJson, value] = /^([^=:]+)(:?)=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError('It must be name=ref or name:=JSON.')
  return { ...inputs, [name]: isJson ? parsed(value) : value }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    throw new InvalidArgumentError(`${text} is not JSON.`)
  }
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number)) throw new InvalidArgumentError('It must be a whole number.')
  return number
}
