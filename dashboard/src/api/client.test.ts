import { afterEach, expect, test, vi } from 'vitest'
import { storeKey } from '../session/key.ts'
import { ask } from './client.ts'

const kept = new Map<string, string>()
vi.stubGlobal('sessionStorage', {
  getItem: (name: string) => kept.get(name) ?? null,
  setItem: (name: string, value: string) => kept.set(name, value),
})
const refused = vi.fn<(event: Event) => boolean>(() => true)
vi.stubGlobal('dispatchEvent', refused)

afterEach(() => refused.mockClear())

/** The API refuses the key, after something else has happened. */
function refusing(meanwhile: () => void): void {
  vi.stubGlobal('fetch', async () => {
    meanwhile()
    const problem = { status: 401, code: 'key.unknown', title: 'The key is not known', detail: 'no' }
    return Response.json(problem, { status: 401 })
  })
}

test('a refusal of the key in use is announced', async () => {
  storeKey('wrong')
  refusing(() => {})
  await expect(ask('/runs')).rejects.toMatchObject({ status: 401 })
  expect(refused).toHaveBeenCalledOnce()
})

test('a late refusal of a key that was given up since says nothing of the new one', async () => {
  storeKey('wrong')
  refusing(() => storeKey('right'))
  await expect(ask('/runs')).rejects.toMatchObject({ status: 401 })
  expect(refused).not.toHaveBeenCalled()
})

test('a refusal that was aborted while it was read does not take the place of one that says why', async () => {
  storeKey('wrong')
  const abort = new AbortController()
  refusing(() => abort.abort())
  await expect(ask('/runs', { signal: abort.signal })).rejects.toMatchObject({ status: 401 })
  expect(refused).not.toHaveBeenCalled()
})
