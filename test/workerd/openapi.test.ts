import { expect, test } from 'vitest'
import { get, request } from './support.ts'

interface OpenApi {
  openapi: string
  paths: Record<string, Record<string, { summary?: string }>>
}

test('the API describes itself, and every path it describes needs a key', async () => {
  const { status, body } = await get<OpenApi>('/api/v1/openapi.json')
  expect(status).toBe(200)
  expect(body.openapi).toBe('3.1.0')
  const operations = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary }]) => ({ path, method, summary })),
  )
  expect(operations.length).toBeGreaterThan(20)
  for (const { path, method, summary } of operations) {
    expect(summary).toBeTruthy()
    const filled = `/api/v1${path.replace(/\{[^}]+\}/g, 'x')}`
    const response = await request(filled, { method: method.toUpperCase(), key: null })
    expect([method, path, response.status]).toEqual([method, path, 401])
  }
})

test('what a route is made of is documented field by field', async () => {
  const { body } = await get<{ paths: Record<string, { get: { responses: Record<string, unknown> } }> }>(
    '/api/v1/openapi.json',
  )
  const answer = JSON.stringify(body.paths['/routes/{route}']!.get.responses['200'])
  for (const field of ['headersMs', 'servedModel', 'stickyBy', 'usdPerDay', 'guardrails', 'verdict'])
    expect(answer).toContain(`"${field}"`)
})

test('nothing is served without a key but health', async () => {
  expect((await request('/health', { key: null })).status).toBe(200)
  for (const path of [
    '/api/v1/openapi.json',
    '/v1/models',
    '/v1/chat/completions',
    '/api/v1/callbacks/training/shards/0',
  ]) {
    const response = await request(path, { key: null, method: path.endsWith('completions') ? 'POST' : 'GET' })
    expect([path, response.status]).toEqual([path, 401])
  }
})
