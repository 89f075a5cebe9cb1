import { beforeAll, expect, test } from 'vitest'
import { recordDeployment } from '../../workers/lineage/deployments.ts'
import type { Propagation } from '../../workers/lineage/propagation.ts'
import { storeTraces } from './gate-context.ts'
import { activateRoute, env, get, makeKey, request, type Problem } from './support.ts'

const AT = Date.now() - 600_000

function read<T = Propagation>(query = '', route = 'support', key?: string) {
  return get<T>(`/api/v1/routes/${route}/propagation${query}`, key === undefined ? {} : { key })
}

/** Two changes of the route, at epochs 5 and 8; another route was changed in between. */
beforeAll(async () => {
  for (const [epoch, at, route] of [
    [5, AT, 'support'],
    [6, AT + 10_000, 'other'],
    [8, AT + 200_000, 'support'],
  ] as const) {
    await recordDeployment(env.LINEAGE, {
      deploymentId: `default/${epoch}`,
      projectId: 'default',
      route,
      routeVersion: `route:${route}@${epoch}`,
      previousVersion: null,
      kind: 'deploy',
      epoch,
      fence: epoch,
      actor: 'test',
      reason: 'test',
      at,
    })
  }
  const trace = (epoch: number, at: number, route = 'support') => ({
    traceId: `${route}-${epoch}-${at}`,
    route,
    routeVersion: 'v',
    model: 'm',
    cohort: 'none',
    epoch,
    at: AT + at,
  })
  await storeTraces('propagation', [
    ...[-400_000, -900, -100, 0, 300, 740].map((at) => trace(4, at)),
    ...[200, 500, 900, 5_000].map((at) => trace(5, at)),
    // The same version, in the table that the other route’s change made.
    trace(6, 190_000),
    trace(8, 200_400),
    trace(4, 60_000, 'other'),
  ])
})

test('the time from a change to the last request on what was before, with the requests on each side', async () => {
  expect((await read('?epoch=5')).body).toEqual({
    route: 'support',
    routeVersion: 'route:support@5',
    epoch: 5,
    activatedAt: AT,
    lastOnOlder: AT + 740,
    ms: 740,
    firstOnNewer: AT + 200,
    requests: { older: 5, late: 2, newer: 6 },
  })
})

test('the newest change when none is named; below 0 when nobody met the old table any more', async () => {
  expect((await read()).body).toMatchObject({
    epoch: 8,
    ms: -10_000,
    requests: { older: 10, late: 0, newer: 1 },
  })
  expect((await read('?seconds=1')).body).toMatchObject({
    ms: null,
    lastOnOlder: null,
    requests: { older: 0, newer: 1 },
  })
})

test('epochs that are not a change of the route, and other projects, are told so', async () => {
  const other = await read<Problem>('?epoch=6')
  expect([other.status, other.body.detail]).toEqual([404, 'The route support was not changed at epoch 6'])
  expect((await read('?epoch=x')).status).toBe(400)
  const { key } = await makeKey(['read'], 'elsewhere')
  const foreign = await read<Problem>('', 'support', key)
  expect([foreign.status, foreign.body.detail]).toEqual([404, 'The route support has not been deployed'])
})

test('a real change: requests of the gateway carry the epoch that its record has', async () => {
  await activateRoute('changing', ['good.test'])
  const response = await request('/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify({ model: 'changing', messages: [{ role: 'user', content: 'Where is it?' }] }),
  })
  await response.text()
  const newer = async () => (await read('', 'changing')).body.requests?.newer
  await expect.poll(newer, { timeout: 10_000 }).toBe(1)
  const { activatedAt, firstOnNewer, ms, requests } = (await read('', 'changing')).body
  expect(firstOnNewer).toBeGreaterThanOrEqual(activatedAt)
  expect([ms, requests]).toEqual([null, { older: 0, late: 0, newer: 1 }])
})
