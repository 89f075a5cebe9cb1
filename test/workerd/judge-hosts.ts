import { Response } from 'miniflare'
import { Webhook } from 'standardwebhooks'
import { oddJudge } from './odd-judge-hosts.ts'

/** Answers so far by host and row: some hosts behave only after a while. */
const asked = new Map<string, number>()

interface ChatBody {
  messages: { role: string; content: string }[]
  seed: number
  response_format: { json_schema: { schema: Schema } }
}
interface Schema {
  enum?: string[]
  properties?: Record<string, Schema>
  items?: Schema
}

/** Judges by host name, as OpenAI-compatible endpoints; undefined for other hosts. */
export async function judgeHost(hostname: string, path: string, body: string): Promise<Response | undefined> {
  if (!hostname.endsWith('judge.test')) return undefined
  if (hostname === 'odd.judge.test') return oddJudge(path, body)
  if (path === '/v1/embeddings') return embeddings((JSON.parse(body) as { input: string[] }).input)
  const chat = JSON.parse(body) as ChatBody
  const [, id, data] = /<row id="([0-9a-f]+)">\n(.*)\n/.exec(chat.messages[1]!.content)!
  const times = (asked.get(`${hostname} ${id}`) ?? 0) + 1
  asked.set(`${hostname} ${id}`, times)
  const row = JSON.parse(data!) as Record<string, unknown>
  const good = (choice = 0) => completion({ content_id: id, ...goodAnswer(chat, row, choice) })
  switch (hostname) {
    case 'judge.test':
      return good()
    case 'slow.judge.test':
      await new Promise((resolve) => setTimeout(resolve, 300))
      return good()
    case 'split.judge.test':
      return good(chat.seed % 3 === 0 ? 4 : 0)
    case 'stumbling.judge.test':
      if (times === 1) return completion('I would say it is mostly grounded.')
      if (times === 2) return completion({ content_id: id, reason: 'So.', verdict: 'excellent' })
      return good()
    case 'babbling.judge.test':
      return completion('I would say it is mostly grounded.')
    case 'captured.judge.test':
      // It does what the row says: repeats the answer that stands in it.
      return completion(/\{.*\}/s.exec(String(row.reply))?.[0] ?? 'fully')
    case 'busy.judge.test':
      return times <= 2 ? new Response('slow down', { status: 429, headers: { 'retry-after': '0' } }) : good()
    case 'broken.judge.test':
      return new Response('broken', { status: 500 })
    default:
      return Response.json({ error: { message: 'no such model' } }, { status: 404 })
  }
}

/** An answer by the schema; each verdict is the one at this place of its list. */
function goodAnswer({ response_format }: ChatBody, row: Record<string, unknown>, choice: number) {
  const { properties = {} } = response_format.json_schema.schema
  const verdict = (schema: Schema) => schema.enum![Math.min(choice, schema.enum!.length - 1)]!
  const fields = Object.entries(properties).map(([name, schema]): [string, unknown] => {
    if (name === 'reason') return [name, 'Because the context says so.']
    if (schema.enum) return [name, verdict(schema)]
    const item = schema.items?.properties
    if (!item?.verdict) return [name, []]
    const graded = Array.isArray(row[name]) ? (row[name] as unknown[]) : ['one', 'two']
    const [key] = Object.keys(item)
    const said = (index: number) => (typeof graded[index] === 'string' ? graded[index] : index)
    return [name, graded.map((_, index) => ({ [key!]: said(index), verdict: verdict(item.verdict!) }))]
  })
  return Object.fromEntries(fields.filter(([name]) => name !== 'content_id'))
}

function completion(content: string | object): Response {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  return Response.json({
    choices: [{ message: { role: 'assistant', content: text } }],
    usage: { prompt_tokens: 1000, completion_tokens: 100 },
  })
}

/** Vectors of the letters' counts. */
function embeddings(input: string[]): Response {
  const data = input.map((text, index) => ({
    index,
    embedding: Array.from(
      'abcdefghijklmnopqrstuvwxyz',
      (letter) => text.toLowerCase().split(letter).length - 1,
    ),
  }))
  return Response.json({ data, usage: { prompt_tokens: 1000 } })
}

const SECRET = 'whsec_c2x1aWNlLXRlc3Qtc2VjcmV0LXNsdWljZS10ZXN0LXNlYw=='

/** A service that scores, where the call is signed; `params.do` says how it behaves. */
export function scoringService(headers: Record<string, string>, body: string): Response {
  const { params, input } = new Webhook(SECRET).verify(body, headers) as {
    params: { do?: string }
    input: { response: string; expected?: unknown }
  }
  const key = `service ${headers['webhook-id']}`
  const times = (asked.get(key) ?? 0) + 1
  asked.set(key, times)
  switch (params.do) {
    case 'fail-first':
      if (times === 1) return new Response('not yet', { status: 503 })
      return Response.json({ score: 0.5, label: 'so-so', evidence: { times }, costUsd: 0.01 })
    case 'too-high':
      return Response.json({ score: 7 })
    case 'huge':
      return new Response('x'.repeat(200_000))
    case 'refuse':
      return new Response('no such path', { status: 404 })
    case 'away':
      return new Response(null, { status: 307, headers: { location: 'http://foreign.test/v1/steal' } })
    default:
      return Response.json({
        score: Math.min(1, input.response.length / 100),
        reason:
          input.expected === undefined ? 'It cannot see what is expected.' : 'It sees what is expected.',
      })
  }
}
