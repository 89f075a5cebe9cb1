import type { Command } from 'commander'
import { answer } from '../sluice.ts'
import { connect } from './connection.ts'
import { print, table } from './output.ts'
import { showTime } from './show-run.ts'

/** What an operator looks at: `dead-letters`, `replay`, `triggers`. */
export function operationCommands(program: Command): void {
  program
    .command('dead-letters')
    .description('list queue messages that failed every retry, newest first')
    .action(deadLetters)
  program
    .command('replay')
    .description('send a dead letter through its queue again')
    .argument('<dead-letter-id>')
    .action(replay)
  program
    .command('triggers')
    .description('list what starts runs of a workflow, and what it last came to')
    .argument('<workflow>')
    .action(triggers)
}

async function deadLetters(_options: unknown, command: Command): Promise<void> {
  const page = await answer(connect(command)['dead-letters'].$get({ query: {} }))
  const rows = page.deadLetters.map(({ deadLetterId, queue, at, replayedAt, body }) => [
    deadLetterId,
    queue,
    showTime(at),
    replayedAt === null ? '' : `replayed ${showTime(replayedAt)}`,
    JSON.stringify(body).slice(0, 100),
  ])
  print(command, page, rows.length === 0 ? ['there are no dead letters'] : table(rows))
}

async function replay(deadLetterId: string, _options: unknown, command: Command): Promise<void> {
  const letters = connect(command)['dead-letters']
  const letter = await answer(letters[':deadLetterId'].replay.$post({ param: { deadLetterId } }))
  print(command, letter, [`${deadLetterId} went through ${letter.queue} again`])
}

async function triggers(workflow: string, _options: unknown, command: Command): Promise<void> {
  const page = await answer(connect(command).workflows[':workflow'].triggers.$get({ param: { workflow } }))
  const rows = page.triggers.map(({ trigger, on, subject, nextDueAt, firings }) => [
    trigger,
    on,
    subject,
    nextDueAt === null ? '' : `due ${showTime(nextDueAt)}`,
    firings[0] ? (firings[0].runId ?? firings[0].refusal ?? '') : 'never fired',
  ])
  print(command, page, rows.length === 0 ? ['nothing starts runs of it by itself'] : table(rows))
}
