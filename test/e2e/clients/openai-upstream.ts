import * as z from 'zod'
import { pieces, said, USAGE, type Conversation, type Said } from './conversation.ts'
import { refused, type Answer, type Asked } from './upstream.ts'

const Text = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.enum(['text', 'image_url']), text: z.string().optional() })),
])
const ToolCall = z.strictObject({
  id: z.string().min(1),
  type: z.literal('function'),
  function: z.strictObject({ name: z.string().min(1), arguments: z.string() }),
})
const Message = z.discriminatedUnion('role', [
  z.strictObject({
    role: z.enum(['system', 'developer', 'user']),
    content: Text,
    name: z.string().optional(),
  }),
  z.strictObject({
    role: z.literal('assistant'),
    content: Text.nullish(),
    refusal: z.null().optional(),
    annotations: z.array(z.unknown()).optional(),
    tool_calls: z.array(ToolCall).min(1).optional(),
  }),
  z.strictObject({
    role: z.literal('tool'),
    content: Text,
    tool_call_id: z.string().min(1),
    name: z.string().optional(),
  }),
])
const Tool = z.strictObject({
  type: z.literal('function'),
  function: z.strictObject({
    name: z.string(),
    description: z.string().optional(),
    parameters: z.looseObject({ type: z.literal('object') }),
    strict: z.boolean().nullish(),
  }),
})
const Sampling = {
  model: z.string(),
  max_tokens: z.int().positive().optional(),
  temperature: z.number().optional(),
  top_p: z.number().optional(),
  n: z.literal(1).optional(),
  frequency_penalty: z.number().optional(),
  presence_penalty: z.number().optional(),
  user: z.string().optional(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).optional(),
  stream: z.boolean().optional(),
  stream_options: z.strictObject({ include_usage: z.boolean() }).optional(),
}
/** OpenAI refuses fields that it does not know. */
const Chat = z
  .strictObject({
    ...Sampling,
    messages: z.array(Message).min(1),
    tools: z.array(Tool).min(1).optional(),
    tool_choice: z.union([z.enum(['auto', 'none', 'required']), z.looseObject({})]).optional(),
    parallel_tool_calls: z.boolean().optional(),
    response_format: z.looseObject({ type: z.string() }).optional(),
    max_completion_tokens: z.int().positive().optional(),
    metadata: z.record(z.string(), z.string()).optional(),
    store: z.boolean().optional(),
  })
  .refine(
    ({ metadata, store }) => !metadata || store,
    "The 'metadata' parameter is only allowed when 'store' is enabled.",
  )
  .refine(({ stream, stream_options }) => stream || !stream_options, 'stream_options without stream')
  .refine(({ messages }) => areAnswered(messages), 'tool_calls must be followed by tool messages')
const Completion = z.strictObject({
  ...Sampling,
  prompt: z.union([z.string(), z.array(z.string()).length(1)]),
})
const Embeddings = z.strictObject({
  model: z.string(),
  input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  encoding_format: z.enum(['float', 'base64']).optional(),
})

/** OpenAI's API: https://platform.openai.com/docs/api-reference */
export function openaiAnswer({ path, headers, body }: Asked): Answer {
  if (headers.authorization !== 'Bearer upstream-key') return refused(401, 'Incorrect API key provided')
  try {
    if (path === '/v1/chat/completions') return chat(Chat.parse(body))
    if (path === '/v1/completions') return completion(Completion.parse(body))
    if (path === '/v1/embeddings') return embeddings(Embeddings.parse(body))
  } catch (error) {
    return refused(400, String(error))
  }
  return refused(404, `Invalid URL (POST ${path})`)
}

function areAnswered(messages: z.infer<typeof Message>[]): boolean {
  return messages.every((message, at) => {
    if (message.role !== 'assistant') return true
    const calls = message.tool_calls ?? []
    const results = messages.slice(at + 1, at + 1 + calls.length)
    const answered = results.map((result) => (result.role === 'tool' ? result.tool_call_id : ''))
    return calls.every(({ id }) => answered.includes(id))
  })
}

function chat({
  model,
  messages,
  tools,
  response_format,
  stream,
  stream_options,
}: z.infer<typeof Chat>): Answer {
  const answer = said({
    last: lastOf(messages),
    tools: tools?.map((tool) => tool.function.name) ?? [],
    wantsJson: response_format?.type === 'json_schema',
  })
  const head = {
    id: 'chatcmpl-1',
    created: 1_700_000_000,
    model,
    service_tier: 'default',
    system_fingerprint: 'fp_1',
  }
  if (stream) {
    const chunk = (choices: object[], usage: object | null = null) =>
      event({ ...head, object: 'chat.completion.chunk', choices, ...(stream_options ? { usage } : {}) })
    const delta = (delta: object, finish_reason: string | null = null) =>
      chunk([{ index: 0, delta, logprobs: null, finish_reason }])
    const role = delta({ role: 'assistant', content: 'calls' in answer ? null : '', refusal: null })
    const usage = stream_options ? [chunk([], usageOf())] : []
    return {
      events: [role, ...deltas(answer).map((one) => delta(one)), delta({}, finishOf(answer)), ...usage, DONE],
    }
  }
  const message =
    'text' in answer
      ? { content: answer.text }
      : {
          content: null,
          tool_calls: answer.calls.map((call) => ({
            id: call.id,
            type: 'function',
            function: written(call),
          })),
        }
  const choice = {
    index: 0,
    message: { role: 'assistant', refusal: null, annotations: [], ...message },
    logprobs: null,
    finish_reason: finishOf(answer),
  }
  return { json: { ...head, object: 'chat.completion', choices: [choice], usage: usageOf() } }
}

function lastOf(messages: z.infer<typeof Message>[]): Conversation['last'] {
  if (messages.at(-1)!.role !== 'tool')
    return { role: 'user', text: JSON.stringify(messages.at(-1)!.content) }
  const before = messages.findLastIndex(({ role }) => role !== 'tool')
  return { role: 'tool', texts: messages.slice(before + 1).map(({ content }) => String(content)) }
}

function deltas(answer: Said): object[] {
  if ('text' in answer) return pieces(answer.text).map((content) => ({ content }))
  return answer.calls.flatMap((call, index) => [
    { tool_calls: [{ index, id: call.id, type: 'function', function: { name: call.name, arguments: '' } }] },
    ...pieces(written(call).arguments).map((text) => ({
      tool_calls: [{ index, function: { arguments: text } }],
    })),
  ])
}

function completion({ model, stream }: z.infer<typeof Completion>): Answer {
  const { text } = said({ last: { role: 'user', text: '' }, tools: [], wantsJson: false }) as { text: string }
  const head = { id: 'cmpl-1', object: 'text_completion', created: 1_700_000_000, model }
  const choice = (text: string, finish_reason: string | null) => [
    { text, index: 0, logprobs: null, finish_reason },
  ]
  if (!stream) return { json: { ...head, choices: choice(text, 'stop'), usage: usageOf() } }
  const parts = pieces(text).map((part) => event({ ...head, choices: choice(part, null) }))
  return { events: [...parts, event({ ...head, choices: choice('', 'stop') }), DONE] }
}

function embeddings({ model, input, encoding_format }: z.infer<typeof Embeddings>): Answer {
  const data = [input].flat().map((text, index) => {
    const vector = new Float32Array([text.length, index, 0.5])
    const embedding =
      encoding_format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector]
    return { object: 'embedding', index, embedding }
  })
  return {
    json: { object: 'list', data, model, usage: { prompt_tokens: USAGE.input, total_tokens: USAGE.input } },
  }
}

function written({ name, input }: { name: string; input: object }) {
  return { name, arguments: JSON.stringify(input) }
}

function finishOf(answer: Said): string {
  return 'calls' in answer ? 'tool_calls' : 'stop'
}

function usageOf() {
  const { input, output } = USAGE
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  }
}

const DONE = 'data: [DONE]\n\n'

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`
}
