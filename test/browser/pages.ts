import { createServer, type Server } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Readable } from 'node:stream'
import type { AddressInfo } from 'node:net'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

interface Fetcher {
  fetch(request: Request): Promise<Response> | Response
}

interface PagesWorker {
  fetch(request: Request, env: { API: Fetcher; ASSETS: Fetcher }): Promise<Response>
}

export interface Pages {
  url: string
  stop(): Promise<void>
}

/** Serves a built dashboard on loopback through its own Pages Worker, as Cloudflare Pages would. */
export async function servePages(directory: string, api: Fetcher): Promise<Pages> {
  const worker = (
    (await import(pathToFileURL(join(directory, '_worker.js')).href)) as { default: PagesWorker }
  ).default
  const env = { API: api, ASSETS: { fetch: (request: Request) => staticFile(directory, request) } }
  const server = createServer(async (incoming, outgoing) => {
    const sent =
      incoming.method === 'POST' ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' } : {}
    const gone = new AbortController()
    outgoing.on('close', () => gone.abort())
    const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
      method: incoming.method!,
      headers: incoming.headers as Record<string, string>,
      ...sent,
    })
    const response = await worker.fetch(request, env)
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    if (!response.body) return void outgoing.end()
    // Streams as it comes: an answer may have no end.
    const body = Readable.fromWeb(response.body as import('node:stream/web').ReadableStream)
    gone.signal.addEventListener('abort', () => body.destroy())
    body.on('error', () => outgoing.destroy())
    outgoing.flushHeaders()
    body.pipe(outgoing)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, stop: () => stop(server) }
}

async function staticFile(directory: string, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  const name = pathname === '/' ? '/index.html' : pathname
  try {
    const type = TYPES[extname(name)] ?? 'application/octet-stream'
    return new Response(await readFile(join(directory, name)), { headers: { 'content-type': type } })
  } catch {
    return new Response('not found', { status: 404 })
  }
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
