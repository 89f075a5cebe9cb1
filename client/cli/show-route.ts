import { indented, shortRef, table } from './output.ts'
import { showTime } from './show-run.ts'

interface Gate {
  gate: string
  verdict: string
  stage: string
  runId: string
}

/** What the API says of one route, as far as it is shown. */
export interface RouteShown {
  version: string
  epoch: number
  previous: string | null
  activatedAt: number
  targets: {
    id: string
    role: string
    model: string
    provider: string
    servedModel: string
    baseUrl: string
    share: number
    gates: Gate[] | null
  }[]
  settings: { name: string; text: string }[]
}

/** Lines about a route: who answers, what let them in, what it does. */
export function showRoute({
  version,
  epoch,
  previous,
  activatedAt,
  targets,
  settings,
}: RouteShown): string[] {
  return [
    version,
    ...indented([
      `since ${showTime(activatedAt)}, epoch ${epoch}`,
      previous === null ? 'no version to roll back to' : `a rollback goes to ${shortRef(previous)}`,
    ]),
    'targets',
    ...targets.flatMap((target) => indented(showTarget(target))),
    'settings',
    ...indented(table(settings.map(({ name, text }) => [name, text]))),
  ]
}

function showTarget({
  role,
  share,
  model,
  provider,
  servedModel,
  baseUrl,
  gates,
}: RouteShown['targets'][number]) {
  const part = role === 'fallback' ? role : `${role} ${percent(share)}`
  const where = provider === 'workers-ai' ? provider : `${new URL(baseUrl).host} (${provider})`
  return [`${part}: ${shortRef(model)}, ${servedModel} at ${where}`, ...indented(showGates(gates))]
}

function showGates(gates: Gate[] | null): string[] {
  if (gates === null) return ['gates: the lineage database does not answer']
  if (gates.length === 0) return ['gates: none let it in']
  return table(gates.map(({ gate, verdict, stage, runId }) => [verdict, gate, `of ${stage} in ${runId}`]))
}

/** Without the rounding errors of binary fractions. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(4))}%`
}
