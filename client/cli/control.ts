import { InvalidArgumentError, type Command } from 'commander'
import type { Json } from '../../domain/json.ts'
import { answer } from '../sluice.ts'
import { connect } from './connection.ts'
import { print, shortVersion } from './output.ts'
import { showTime } from './show-run.ts'

/** What a run is told, and what it says: `pause`, `resume`, `signal`, `rerun`, `reproduce`, `logs`. */
export function controlCommands(program: Command): void {
  program
    .command('pause')
    .description('start no further stage of a run; what is under way goes on')
    .argument('<run-id>')
    .option('--reason <text>', 'why', 'paused from the command line')
    .action(pause)
  program.command('resume').description('go on with a paused run').argument('<run-id>').action(resume)
  program
    .command('signal')
    .description('send a signal that stages of a run wait for')
    .argument('<run-id>')
    .argument('<signal>')
    .option('--payload <json>', 'what the stages read', json, null)
    .action(signal)
  program
    .command('rerun')
    .description('run again from the stages that did not pass; the others are taken over')
    .argument('<run-id>')
    .option('--from <stages...>', 'from these stages instead')
    .action(rerun)
  program
    .command('reproduce')
    .description('execute a past run again from its pinned inputs, without changing production')
    .argument('<run-id>')
    .action(reproduce)
  program
    .command('logs')
    .description('show what the stages of a run logged')
    .argument('<run-id>')
    .option('--stage <stage>', 'of this stage alone')
    .action(logs)
}

async function pause(runId: string, { reason }: { reason: string }, command: Command): Promise<void> {
  const run = connect(command).runs[':runId']
  const answered = await answer(run.pause.$post({ param: { runId }, json: { reason } }))
  print(command, answered, [`${runId} is ${answered.status}, and starts nothing more`])
}

async function resume(runId: string, _options: unknown, command: Command): Promise<void> {
  const answered = await answer(connect(command).runs[':runId'].resume.$post({ param: { runId } }))
  print(command, answered, [`${runId} is ${answered.status}`])
}

async function signal(
  runId: string,
  name: string,
  { payload }: { payload: Json },
  command: Command,
): Promise<void> {
  const send = connect(command).runs[':runId'].signals[':signal'].$post
  const answered = await answer(send({ param: { runId, signal: name }, json: { payload } }))
  print(command, answered, [`${runId} is ${answered.status}`])
}

async function rerun(runId: string, { from = [] }: { from?: string[] }, command: Command): Promise<void> {
  const run = connect(command).runs[':runId']
  const started = await answer(run.rerun.$post({ param: { runId }, header: {}, json: { from } }))
  print(command, started, [`${started.runId} goes on from ${runId}`])
}

async function reproduce(runId: string, _options: unknown, command: Command): Promise<void> {
  const run = connect(command).runs[':runId']
  const started = await answer(run.reproduce.$post({ param: { runId }, header: {} }))
  const version = shortVersion(started.workflowVersion)
  print(command, started, [`${started.runId} does ${runId} again at version ${version}`])
}

async function logs(runId: string, { stage }: { stage?: string }, command: Command): Promise<void> {
  const lines = []
  let after: number | null = 0
  while (after !== null) {
    const query: { after: string; stage?: string } = { after: String(after), ...(stage && { stage }) }
    const page: { lines: Line[]; next: number | null } = await answer(
      connect(command).runs[':runId'].logs.$get({ param: { runId }, query }),
    )
    lines.push(...page.lines)
    after = page.next
  }
  const shown = lines.map(
    ({ at, stage: of, attempt, level, message }) =>
      `${showTime(at)}  ${of} ${attempt}  ${level === 'info' ? '' : `${level}: `}${message}`,
  )
  print(command, { lines }, shown.length === 0 ? ['nothing was logged'] : shown)
}

interface Line {
  at: number
  stage: string
  attempt: number
  level: string
  message: string
}

function json(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    throw new InvalidArgumentError(`${text} is not JSON.`)
  }
}
