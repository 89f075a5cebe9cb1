import { contentHash } from '../../domain/hash.ts'
import { RouteVersion } from '../../domain/routing/route.ts'
import { target } from './gateway-routes.ts'
import { ADMIN_KEY, env, get, post, type Problem } from './support.ts'

interface Target {
  id: string
  role: string
  share: number
  model: string
  gates: { gate: string; verdict: string; stage: string; runId: string }[] | null
}
export interface OneRoute {
  version: string
  epoch: number
  previous: string | null
  spec: RouteVersion
  targets: Target[]
  settings: { name: string; text: string }[]
}
export interface Stepped {
  version: string
  epoch: number
  from: string
  share: number
}

/** The model of every canary. */
export const NEW = `model:m@${'e'.repeat(64)}`
export const registry = () => env.ROUTE_REGISTRY.getByName('default')
export const read = async (name: string) => (await get<OneRoute>(`/api/v1/routes/${name}`)).body
export const step = (name: string, body: object, key = ADMIN_KEY) =>
  post<Stepped & Problem>(`/api/v1/routes/${name}/canary`, { reason: 'as planned', ...body }, { key })

/** Points a route at a version made of these settings; answers the version. */
export async function deploy(
  name: string,
  fence: number,
  settings: Partial<RouteVersion> = {},
): Promise<string> {
  const spec = RouteVersion.parse({
    route: name,
    targets: [target(name, 'good')],
    prompt: `prompt:p@${'b'.repeat(64)}`,
    ...settings,
  })
  const version = `route:${name}@${contentHash(spec)}`
  const current = (await registry().snapshot())!.routes.find(({ route }) => route === name)
  const answer = await registry().activate({
    project: 'default',
    route: name,
    expect: current?.version ?? null,
    version,
    spec,
    fence,
    kind: 'deploy',
    actor: 'test',
    runId: `run_${name}`,
    reason: 'test',
  })
  if (!answer.ok) throw new Error(answer.detail)
  return version
}

/** A route in production, and a canary beside it. */
export async function canaryOf(name: string, share = 0.05): Promise<{ before: string; canary: string }> {
  const before = await deploy(name, 1)
  const beside = { target: target(name, 'echo', { model: NEW }), share, stickyBy: 'user' as const }
  // Tokens of the gate lock go on from here.
  const lock = env.GATE_LOCK.getByName(`default/route:${name}`)
  await lock.preempt('test')
  await lock.preempt('test')
  await lock.release('test')
  return { before, canary: await deploy(name, 2, { canary: beside }) }
}
