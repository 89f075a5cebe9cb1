import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'

const CLI = resolve(import.meta.dirname, '../cli.ts')

export interface Ran {
  code: number | null
  out: string
  err: string
}

/** The command as a person would run it, with nothing of this environment but what is given. */
export async function sluice(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, [CLI, ...args], { env: { PATH, ...env } })
  const ended = once(child, 'close')
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = (await ended) as [number | null]
  return { code, out, err }
}

export interface Asked {
  method: string
  path: string
  authorization: string | undefined
  idempotencyKey: string | undefined
  body: unknown
}

/** A server that gives these answers, by method and path without the query, and keeps what it was asked. */
export async function answering(answers: Record<string, { status: number; body: unknown }>) {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    void readJson(request).then((body) => {
      const { method = '', url = '', headers } = request
      asked.push({
        method,
        path: url,
        authorization: headers.authorization,
        idempotencyKey: headers['idempotency-key'] as string | undefined,
        body,
      })
      const { status, body: answered } = answers[`${method} ${url.split('?')[0]}`] ?? {
        status: 404,
        body: { code: 'not.found', detail: `There is no ${method} ${url}` },
      }
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answered))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    asked,
    env: { SLUICE_URL: `http://127.0.0.1:${port}`, SLUICE_KEY: 'sk_test' },
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await text(request)
  return body === '' ? undefined : (JSON.parse(body) as unknown)
}

/** A folder of its own with these files. */
export function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}
