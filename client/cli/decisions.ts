import { InvalidArgumentError, type Command } from 'commander'
import { answer } from '../sluice.ts'
import { connect } from './connection.ts'
import { indented, print, table } from './output.ts'
import { showTime } from './show-run.ts'

interface Place {
  first: string
  stage: string
  last: string
}

/** What people decide: `inbox`, `approve`, `deny`, `waive`, `waivers`, `revoke`. */
export function decisionCommands(program: Command): void {
  program.command('inbox').description('list the stages that wait for a person').action(inbox)
  program
    .command('approve')
    .description('let a stage go on that waits for a person')
    .argument('<run/stage/attempt>', 'as the inbox names it', place)
    .option('--comment <text>', 'for those who look at it later', '')
    .action((of: Place, { comment }: { comment: string }, command: Command) =>
      decide('grant', of, comment, command),
    )
  program
    .command('deny')
    .description('stop a stage that waits for a person')
    .argument('<run/stage/attempt>', 'as the inbox names it', place)
    .requiredOption('--comment <text>', 'why')
    .action((of: Place, { comment }: { comment: string }, command: Command) =>
      decide('deny', of, comment, command),
    )
  program
    .command('waive')
    .description('let runs of others pass a gate for some days; it is evaluated all the same')
    .argument('<workflow/stage/gate>', 'such as support-agent/evaluate/threshold', place)
    .requiredOption('--reason <text>', 'why')
    .option('--days <number>', 'when it ends', Number)
    .action(waive)
  program
    .command('waivers')
    .description('list waivers, newest first')
    .option('--workflow <workflow>')
    .action(waivers)
  program.command('revoke').description('end a waiver now').argument('<waiver-id>').action(revoke)
}

async function inbox(_options: unknown, command: Command): Promise<void> {
  const page = await answer(connect(command).approvals.$get({ query: { state: 'open' } }))
  const lines = page.approvals.flatMap(
    ({ approvalId, question, workflow, runAuthor, deadlineAt, refusal }) => [
      approvalId,
      ...indented([
        question,
        `${workflow}, started by ${runAuthor}; decide until ${showTime(deadlineAt)}`,
        ...(refusal === null ? [] : [`not by you: ${refusal}`]),
      ]),
    ],
  )
  print(command, page, lines.length === 0 ? ['nobody waits for a decision'] : lines)
}

async function decide(
  decision: 'grant' | 'deny',
  { first: runId, stage, last: attempt }: Place,
  comment: string,
  command: Command,
): Promise<void> {
  const decided = await answer(
    connect(command).approvals[':runId'][':stage'][':attempt'].$post({
      param: { runId, stage, attempt },
      json: { decision, comment },
    }),
  )
  print(command, decided, [`${decided.approvalId} is ${decided.state}`])
}

async function waive(
  { first: workflow, stage, last: gate }: Place,
  { reason, days }: { reason: string; days?: number },
  command: Command,
): Promise<void> {
  const waiver = await answer(
    connect(command).waivers.$post({
      header: {},
      json: { workflow, stage, gate, reason, ...(days === undefined ? {} : { days }) },
    }),
  )
  const until = showTime(waiver.expiresAt)
  print(command, waiver, [`${waiver.waiverId} waives ${workflow}/${stage}/${gate} until ${until}`])
}

async function waivers({ workflow }: { workflow?: string }, command: Command): Promise<void> {
  const query = workflow === undefined ? {} : { workflow }
  const page = await answer(connect(command).waivers.$get({ query }))
  const rows = page.waivers.map((waiver) => [
    waiver.waiverId,
    waiver.state,
    `${waiver.workflow}/${waiver.stage}/${waiver.gate}`,
    showTime(waiver.expiresAt),
    waiver.reason,
  ])
  print(command, page, rows.length === 0 ? ['there are no waivers'] : table(rows))
}

async function revoke(waiverId: string, _options: unknown, command: Command): Promise<void> {
  const waiver = await answer(
    connect(command).waivers[':waiverId'].$delete({ param: { waiverId }, query: {} }),
  )
  print(command, waiver, [`${waiverId} is over: the gate is in force again`])
}

function place(text: string): Place {
  const [first, stage, last, more] = text.split('/')
  if (!first || !stage || !last || more !== undefined)
    throw new InvalidArgumentError('It must be three names with a slash between them.')
  return { first, stage, last }
}
