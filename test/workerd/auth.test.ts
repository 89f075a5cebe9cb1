import { expect, test } from 'vitest'
import { app } from '../../workers/api/app.ts'
import { env, get, makeKey, post, request, type Problem } from './support.ts'

const ADMIN_ONLY = ['/api/v1/keys', '/api/v1/keys/:keyId', '/api/v1/dead-letters/:deadLetterId/replay']
/** What tells nothing of anybody. */
const PUBLIC = ['/health', '/healthz', '/api/v1/workflow-schema.json']
/** Posts that change nothing. */
const CHECKS = ['/api/v1/workflows/lint']

/** Every path the Worker answers, with what stands for its parameters. Middleware is registered for all methods. */
const endpoints = app.routes
  .filter(({ method }) => method !== 'ALL')
  .map(({ method, path }) => ({
    method,
    path,
    filled: path.replace('/:index', '/0').replace(/:[a-zA-Z]+(\{[^}]+\})?/g, 'x'),
  }))

test('every path but the public ones asks for a key, before anything else', async () => {
  expect(endpoints.length).toBeGreaterThan(30)
  for (const { method, path, filled } of endpoints) {
    const { status } = await request(filled, { method, key: null })
    expect([method, path, status]).toEqual([method, path, PUBLIC.includes(path) ? 200 : 401])
    if (PUBLIC.includes(path)) continue
    const wrong = await request(filled, { method, key: 'sk_sluice_wrong' })
    expect([method, path, wrong.status]).toEqual([method, path, 401])
  }
})

test('a key reaches only what its scopes name, and is told which one is missing', async () => {
  const { key } = await makeKey(['gateway'])
  const controlPlane = endpoints.filter(
    ({ path }) =>
      path.startsWith('/api/v1/') && !path.startsWith('/api/v1/callbacks/') && !PUBLIC.includes(path),
  )
  expect(controlPlane.length).toBeGreaterThan(25)
  for (const { method, path, filled } of controlPlane) {
    const { status, body } = await get<Problem & { scope: string }>(filled, { method, key })
    expect([method, path, status, body.code]).toEqual([method, path, 403, 'scope.missing'])
    expect(body.detail).toContain(`this needs ${body.scope}`)
    if (ADMIN_ONLY.includes(path)) expect(body.scope).toBe('admin')
    // Who may only read changes nothing.
    if (method !== 'GET' && !CHECKS.includes(path)) expect([method, path, body.scope]).not.toContain('read')
  }
  expect((await get('/v1/models', { key })).status).toBe(200)
  const reader = await makeKey(['read'])
  expect((await get('/v1/models', { key: reader.key })).status).toBe(403)
})

test('a key is shown once, when it is made; what is stored cannot be used as one', async () => {
  const { keyId, key } = await makeKey(['read'])
  const { body } = await get<{ keys: Record<string, unknown>[] }>('/api/v1/keys')
  const listed = body.keys.find((one) => one.keyId === keyId)!
  expect(Object.keys(listed).toSorted()).toEqual(['createdAt', 'keyId', 'name', 'revokedAt', 'scopes'])
  expect(JSON.stringify(body)).not.toContain(key)
  const row = await env.LINEAGE.prepare('SELECT * FROM api_keys WHERE key_id = ?').bind(keyId).first()
  expect(JSON.stringify(row)).not.toContain(key)
  expect((await request('/api/v1/runs', { key: String(row!.secret_sha256) })).status).toBe(401)
})

test('a revoked key stops, and says when it was revoked', async () => {
  const { keyId, key } = await makeKey(['read'])
  expect((await get(`/api/v1/keys/${keyId}`, { method: 'DELETE' })).status).toBe(200)
  const { status, body } = await get<Problem>('/api/v1/runs', { key })
  expect([status, body.code]).toEqual([401, 'key.unknown'])
  const listed = await get<{ keys: { keyId: string; revokedAt: number | null }[] }>('/api/v1/keys')
  expect(listed.body.keys.find((one) => one.keyId === keyId)!.revokedAt).toEqual(expect.any(Number))
  expect((await get('/api/v1/keys/key_none', { method: 'DELETE' })).status).toBe(404)
})

test('a key belongs to its project: it neither sees nor revokes the keys of another', async () => {
  const own = await makeKey(['read'])
  const other = await makeKey(['admin'], 'elsewhere')
  const { body } = await get<{ keys: { keyId: string }[] }>('/api/v1/keys', { key: other.key })
  expect(body.keys.map(({ keyId }) => keyId)).toEqual([other.keyId])
  const refused = await get(`/api/v1/keys/${own.keyId}`, { method: 'DELETE', key: other.key })
  expect(refused.status).toBe(404)
  expect((await request('/api/v1/runs', { key: own.key })).status).toBe(200)
})

test('a key with a scope that does not exist is not made', async () => {
  const { status, body } = await post<Problem>('/api/v1/keys', { name: 'x', scopes: ['everything'] })
  expect([status, body.code, body.field]).toEqual([400, 'request.invalid', 'scopes.0'])
})
