/** A model endpoint that answers at once, as a process of its own: JSON, or a stream of 20 chunks. Prints its URL. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const CHUNKS = 20

const head = { id: 'chatcmpl-bench', created: 1_764_000_000, model: 'mock-1' }
const usage = { prompt_tokens: 24, completion_tokens: 20, total_tokens: 44 }
const words = Array.from({ length: CHUNKS }, (_, i) => `word${i} `)
const message = { role: 'assistant', content: words.join('') }
const whole = JSON.stringify({
  ...head,
  object: 'chat.completion',
  choices: [{ index: 0, message, finish_reason: 'stop' }],
  usage,
})
const chunks = words.map((content, i) => {
  const delta = i === 0 ? { role: 'assistant', content } : { content }
  const choice = { index: 0, delta, finish_reason: i === CHUNKS - 1 ? 'stop' : null }
  return `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [choice] })}\n\n`
})

const server = createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8').on('data', (text: string) => (body += text))
  request.on('end', () => {
    if (!body.includes('"stream":true')) {
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(whole),
      })
      response.end(whole)
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
    for (const chunk of chunks) response.write(chunk)
    response.end('data: [DONE]\n\n')
  })
})
server.keepAliveTimeout = 120_000
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }))
})
