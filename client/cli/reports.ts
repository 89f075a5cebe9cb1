import type { Command } from 'commander'
import { answer } from '../sluice.ts'
import { connect } from './connection.ts'
import { indented, print } from './output.ts'

/** What happened to a workflow's gates and data: `erosion`, `drift`. */
export function reportCommands(program: Command): void {
  program
    .command('erosion')
    .description('show waivers, gates that were loosened or taken away, and gates that no run has met lately')
    .argument('<workflow>')
    .action(erosion)
  program
    .command('drift')
    .description('show what runs and production are built on, and how far it is behind')
    .argument('<workflow>')
    .action(drift)
}

async function erosion(workflow: string, _options: unknown, command: Command): Promise<void> {
  const report = await answer(connect(command).workflows[':workflow'].erosion.$get({ param: { workflow } }))
  const { waivers, weakened, idle, trend } = report
  print(command, report, [
    waivers.sentence,
    ...indented(waivers.open.map(({ stage, gate, reason }) => `${stage}/${gate}: ${reason}`)),
    weakened.sentence,
    ...indented(weakened.changes.map(({ sentence }) => sentence)),
    idle.sentence,
    ...indented(idle.gates.map(({ sentence }) => sentence)),
    trend.sentence,
  ])
}

async function drift(workflow: string, _options: unknown, command: Command): Promise<void> {
  const report = await answer(connect(command).workflows[':workflow'].drift.$get({ param: { workflow } }))
  print(command, report, [
    report.sentence,
    ...indented(report.stages.filter(({ drifts }) => drifts).map(({ sentence }) => sentence)),
    ...report.production.map(({ sentence }) => sentence),
  ])
}
