import { createServer, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { untilFree } from './free-ports.ts'

async function listening(): Promise<{ port: number; close: () => void }> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, close: () => server.close() }
}

test('a port that is given back soon is waited for', async () => {
  const other = await listening()
  const waited = untilFree({ API: other.port })
  setTimeout(other.close, 200)
  await expect(waited).resolves.toBeUndefined()
})

test('ports that stay taken are named with what they are for', async () => {
  const other = await listening()
  await expect(untilFree({ API: other.port })).rejects.toThrow(`${other.port} (API) already`)
  other.close()
})
