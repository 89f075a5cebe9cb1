import { createHash } from 'node:crypto'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as z from 'zod'
import { hasKey } from './bearer.ts'
import { words } from './encoder.ts'
import { type Model, answer } from './model.ts'

/** The part of OpenAI's chat completions that a replica reads (https://platform.openai.com/docs/api-reference/chat). */
const Content = z
  .union([z.string(), z.array(z.object({ type: z.literal('text'), text: z.string() }))])
  .transform((content) =>
    typeof content === 'string' ? content : content.map((part) => part.text).join('\n'),
  )
const ChatRequest = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: Content })).min(1),
  stream: z.boolean().default(false),
  stream_options: z.object({ include_usage: z.boolean().default(false) }).nullish(),
})

const MAX_BODY_BYTES = 4_000_000
/** Characters of content in one streamed chunk. */
const CHUNK_CHARACTERS = 24

export interface Served {
  name: string
  model: Model
  /** The key that requests must bear. */
  key: string
  now: () => Date
}

/** An OpenAI-compatible server of one model. */
export function completionsApp({ name, model, key, now }: Served): Hono {
  const app = new Hono()
  const created = () => Math.floor(now().getTime() / 1000)
  app.use('/v1/*', async (c, next) => {
    if (!hasKey(c.req.header('authorization'), key))
      return c.json(
        failure('Incorrect API key provided.', 'invalid_request_error', null, 'invalid_api_key'),
        401,
      )
    return next()
  })
  app.get('/v1/models', (c) =>
    c.json({
      object: 'list',
      data: [{ id: name, object: 'model', created: 0, owned_by: 'sluice-reference' }],
    }),
  )
  const limit = bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: (c) =>
      c.json(
        failure(`The body is over ${MAX_BODY_BYTES} bytes.`, 'invalid_request_error', null, 'too_large'),
        413,
      ),
  })
  app.post('/v1/chat/completions', limit, async (c) => {
    const parsed = ChatRequest.safeParse(await c.req.json().catch(() => undefined))
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      const field = issue?.path.join('.') || 'body'
      return c.json(
        failure(`${field}: ${issue?.message}`, 'invalid_request_error', field, 'invalid_value'),
        400,
      )
    }
    const request = parsed.data
    if (request.model !== name)
      return c.json(
        failure(
          `The model \`${request.model}\` is not served here.`,
          'invalid_request_error',
          'model',
          'model_not_found',
        ),
        404,
      )
    const content = JSON.stringify(answer(model, request.messages))
    const usage = usageOf(
      request.messages.map((message) => message.content),
      content,
    )
    const at = created()
    const head = { id: completionId(JSON.stringify(request.messages), at), created: at, model: name }
    if (!request.stream)
      return c.json({
        ...head,
        object: 'chat.completion',
        choices: [
          {
            index: 0,
            message: { role: 'assistant', content, refusal: null },
            logprobs: null,
            finish_reason: 'stop',
          },
        ],
        usage,
      })
    const chunks = streamChunks(head, content, request.stream_options?.include_usage ? usage : undefined)
    return c.body(chunks.map((chunk) => `data: ${chunk}\n\n`).join(''), 200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
    })
  })
  app.notFound((c) =>
    c.json(failure(`No such path: ${c.req.path}`, 'invalid_request_error', null, 'unknown_url'), 404),
  )
  app.onError((error, c) => c.json(failure(error.message, 'server_error', null, 'internal_error'), 500))
  return app
}

interface Usage {
  prompt_tokens: number
  completion_tokens: number
  total_tokens: number
}

/** Tokens are counted as the encoder's words: the reference model has no other tokens. */
function usageOf(prompts: readonly string[], completion: string): Usage {
  const prompt_tokens = prompts.reduce((sum, prompt) => sum + words(prompt).length, 0)
  const completion_tokens = words(completion).length
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens }
}

function completionId(messages: string, created: number): string {
  return `chatcmpl-${createHash('sha256').update(`${created}\n${messages}`).digest('hex').slice(0, 24)}`
}

/** The data of each server-sent event. The answer takes less than a millisecond: all chunks are known at once. */
function streamChunks(head: Record<string, unknown>, content: string, usage: Usage | undefined): string[] {
  const chunk = (delta: Record<string, string>, finish_reason: 'stop' | null) =>
    JSON.stringify({
      ...head,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    })
  const pieces = content.match(new RegExp(`[^]{1,${CHUNK_CHARACTERS}}`, 'gu')) ?? []
  return [
    chunk({ role: 'assistant', content: '' }, null),
    ...pieces.map((piece) => chunk({ content: piece }, null)),
    chunk({}, 'stop'),
    ...(usage ? [JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [], usage })] : []),
    '[DONE]',
  ]
}

function failure(message: string, type: string, param: string | null, code: string) {
  return { error: { message, type, param, code } }
}
