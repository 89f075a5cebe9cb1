import { InvalidArgumentError, type Command } from 'commander'
import { answer } from '../sluice.ts'
import { connect } from './connection.ts'
import { print, shortRef, table } from './output.ts'
import { percent, showRoute } from './show-route.ts'
import { showTime } from './show-run.ts'

/** What product services call: `routes list|show|canary|rollback|history`. */
export function routeCommands(program: Command): void {
  const group = program
    .command('routes')
    .description('routes: what answers, which gates let it in, and the way back')
  group.command('list').description('list routes and what they point at').action(list)
  group
    .command('show')
    .description('show a route: its targets, the gates that let each of them in, its settings')
    .argument('<route>')
    .action(show)
  group
    .command('canary')
    .description('give the canary of a route another share of the users, or 0% to take it away')
    .argument('<route>')
    .argument('<percent>', 'such as 20%; a larger share only adds users', share)
    .requiredOption('--reason <text>', 'why')
    .option('--expect <version>', 'refuse unless the route points at this version')
    .action(canary)
  group
    .command('rollback')
    .description('point a route back at the version before, at once; during a canary, at the one before it')
    .argument('<route>')
    .requiredOption('--reason <text>', 'why')
    .action(rollback)
  group
    .command('history')
    .description('list deployments, canary steps and rollbacks of a route, newest first')
    .argument('<route>')
    .action(history)
}

async function list(_options: unknown, command: Command): Promise<void> {
  const page = await answer(connect(command).routes.$get())
  const rows = page.routes.map(({ route, version, activatedAt, spec }) => [
    route,
    shortRef(version),
    showTime(activatedAt),
    shortRef(spec.targets[0]!.model),
    spec.canary ? `canary ${percent(spec.canary.share)} ${shortRef(spec.canary.target.model)}` : '',
  ])
  print(command, page, rows.length === 0 ? ['there are no routes'] : table(rows))
}

async function show(route: string, _options: unknown, command: Command): Promise<void> {
  const one = await answer(connect(command).routes[':route'].$get({ param: { route } }))
  print(command, one, showRoute(one))
}

async function canary(
  route: string,
  to: number,
  { reason, expect }: { reason: string; expect?: string },
  command: Command,
): Promise<void> {
  const stepped = await answer(
    connect(command).routes[':route'].canary.$post({
      param: { route },
      json: { share: to, reason, ...(expect === undefined ? {} : { expect }) },
    }),
  )
  const { version, from, epoch } = stepped
  const isSame = version === from
  const what = to === 0 ? `${route} has no canary now` : `the canary of ${route} has ${percent(to)}`
  print(command, stepped, [
    isSame ? `${what} already: nothing moved` : `${what}: ${shortRef(version)} as of epoch ${epoch}`,
  ])
}

async function rollback(route: string, { reason }: { reason: string }, command: Command): Promise<void> {
  const done = await answer(
    connect(command).routes[':route'].rollback.$post({ param: { route }, json: { reason } }),
  )
  print(command, done, [`${route} points at ${shortRef(done.version)} as of epoch ${done.epoch}`])
}

async function history(route: string, _options: unknown, command: Command): Promise<void> {
  const page = await answer(connect(command).routes[':route'].deployments.$get({ param: { route } }))
  const rows = page.deployments.map(({ at, kind, routeVersion, actor, runId, reason }) => [
    showTime(at),
    kind,
    shortRef(routeVersion),
    actor,
    runId ?? '',
    reason,
  ])
  print(command, page, rows.length === 0 ? ['nothing was deployed to it'] : table(rows))
}

/** In percent, with the sign: 0.5 alone may mean a half or half a percent. */
function share(text: string): number {
  const [, number] = /^(\d+(?:\.\d+)?)%$/.exec(text) ?? []
  if (number === undefined) throw new InvalidArgumentError('Give it in percent, such as 20%.')
  return Number((Number(number) / 100).toPrecision(12))
}
