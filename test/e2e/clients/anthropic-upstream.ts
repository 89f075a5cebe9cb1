import * as z from 'zod'
import { pieces, said, USAGE, type Conversation, type Said } from './conversation.ts'
import type { Answer, Asked } from './upstream.ts'

const Written = z
  .string()
  .refine((text) => text.trim() !== '', 'text content blocks must contain non-whitespace text')
const Block = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: Written }),
  z.strictObject({
    type: z.literal('image'),
    source: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('url'), url: z.url() }),
      z.strictObject({
        type: z.literal('base64'),
        media_type: z.enum(['image/jpeg', 'image/png', 'image/gif', 'image/webp']),
        data: z.base64(),
      }),
    ]),
  }),
  z.strictObject({
    type: z.literal('tool_use'),
    id: z.string().regex(/^[\w-]+$/),
    name: z.string(),
    input: z.looseObject({}),
  }),
  z.strictObject({ type: z.literal('tool_result'), tool_use_id: z.string(), content: Written.optional() }),
])
const Turn = z.strictObject({ role: z.enum(['user', 'assistant']), content: z.array(Block).min(1) })
const Tool = z.strictObject({
  name: z.string().regex(/^[\w-]{1,128}$/),
  description: z.string().optional(),
  input_schema: z.looseObject({ type: z.literal('object') }),
  strict: z.boolean().optional(),
})
const ToolChoice = z.strictObject({
  type: z.enum(['auto', 'any', 'none', 'tool']),
  name: z.string().optional(),
  disable_parallel_tool_use: z.boolean().optional(),
})
/** Anthropic refuses fields that it does not know. */
const Messages = z
  .strictObject({
    model: z.string(),
    max_tokens: z.int().positive(),
    messages: z.array(Turn).min(1),
    system: Written.optional(),
    tools: z.array(Tool).min(1).optional(),
    tool_choice: ToolChoice.optional(),
    temperature: z.number().min(0).max(1).optional(),
    top_p: z.number().optional(),
    stop_sequences: z.array(Written).optional(),
    output_config: z
      .strictObject({ format: z.strictObject({ type: z.literal('json_schema'), schema: z.looseObject({}) }) })
      .optional(),
    metadata: z.strictObject({ user_id: z.string() }).optional(),
    stream: z.boolean().optional(),
  })
  .refine(({ messages }) => messages[0]!.role === 'user', 'first message must use the "user" role')
  .refine(
    ({ messages }) => messages.every(({ role }, i) => role !== messages[i - 1]?.role),
    'roles must alternate',
  )
  .refine(
    ({ tools, messages }) => tools || !messages.some(usesTools),
    'requests with tool blocks must define tools',
  )
  .refine(
    ({ messages }) => areAnswered(messages),
    'tool_use ids were found without tool_result blocks immediately after',
  )
type Messages = z.infer<typeof Messages>
type Turn = z.infer<typeof Turn>

/** Anthropic's Messages API: https://platform.claude.com/docs/en/api/messages */
export function anthropicAnswer({ path, headers, body }: Asked): Answer {
  if (headers['x-api-key'] !== 'upstream-key')
    return refusal(401, 'authentication_error', 'invalid x-api-key')
  if (headers['anthropic-version'] !== '2023-06-01')
    return refusal(400, 'invalid_request_error', 'anthropic-version: header is required')
  if (path !== '/v1/messages') return refusal(404, 'not_found_error', 'Not found')
  const request = Messages.safeParse(body)
  if (!request.success) return refusal(400, 'invalid_request_error', request.error.message)
  return answer(request.data)
}

function answer({ model, messages, tools, tool_choice, output_config, stream }: Messages): Answer {
  const told = said({
    last: lastOf(messages),
    tools: tool_choice?.type === 'none' ? [] : (tools ?? []).map(({ name }) => name),
    wantsJson: output_config !== undefined,
  })
  const head = { id: 'msg_1', type: 'message', role: 'assistant', model, stop_sequence: null }
  const read = { input_tokens: USAGE.input, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 }
  const stop_reason = 'calls' in told ? 'tool_use' : 'end_turn'
  const content = blocksOf(told)
  if (!stream)
    return { json: { ...head, content, stop_reason, usage: { ...read, output_tokens: USAGE.output } } }
  const start = { ...head, content: [], stop_reason: null, usage: { ...read, output_tokens: 1 } }
  return {
    events: [
      event({ type: 'message_start', message: start }),
      event({ type: 'ping' }),
      ...content.flatMap(blockEvents),
      event({
        type: 'message_delta',
        delta: { stop_reason, stop_sequence: null },
        usage: { output_tokens: USAGE.output },
      }),
      event({ type: 'message_stop' }),
    ],
  }
}

function blocksOf(
  told: Said,
): ({ type: string; text: string } | { type: string; id: string; name: string; input: object })[] {
  if ('text' in told) return [{ type: 'text', text: told.text }]
  return told.calls.map(({ id, name, input }) => ({ type: 'tool_use', id: `toolu_${id}`, name, input }))
}

function blockEvents(block: ReturnType<typeof blocksOf>[number], index: number): string[] {
  const deltas =
    'text' in block
      ? pieces(block.text).map((text) => ({ type: 'text_delta', text }))
      : ['', ...pieces(JSON.stringify(block.input))].map((partial_json) => ({
          type: 'input_json_delta',
          partial_json,
        }))
  const empty = 'text' in block ? { ...block, text: '' } : { ...block, input: {} }
  return [
    event({ type: 'content_block_start', index, content_block: empty }),
    ...deltas.map((delta) => event({ type: 'content_block_delta', index, delta })),
    event({ type: 'content_block_stop', index }),
  ]
}

function lastOf(messages: Turn[]): Conversation['last'] {
  const { content } = messages.at(-1)!
  const results = content.filter((block) => block.type === 'tool_result')
  if (results.length > 0) return { role: 'tool', texts: results.map((result) => result.content ?? '') }
  return { role: 'user', text: JSON.stringify(content) }
}

function usesTools({ content }: Turn): boolean {
  return content.some(({ type }) => type === 'tool_use' || type === 'tool_result')
}

function areAnswered(messages: Turn[]): boolean {
  return messages.every(({ content }, at) => {
    const uses = content.filter((block) => block.type === 'tool_use').map(({ id }) => id)
    const next = messages[at + 1]?.content.slice(0, uses.length) ?? []
    return uses.every((id) => next.some((block) => block.type === 'tool_result' && block.tool_use_id === id))
  })
}

/** https://platform.claude.com/docs/en/api/errors */
function refusal(status: number, type: string, message: string): Answer {
  return { status, json: { type: 'error', error: { type, message }, request_id: 'req_1' } }
}

function event(data: { type: string } & Record<string, unknown>): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`
}
