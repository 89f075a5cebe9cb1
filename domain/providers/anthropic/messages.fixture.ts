import type { JsonObject } from '../provider.ts'

/** From the guide's example of a stream with a tool: https://platform.claude.com/docs/en/build-with-claude/streaming */
export const WEATHER_STREAM: JsonObject[] = [
  {
    type: 'message_start',
    message: {
      id: 'msg_014p7gG3wDgGV9EUtLvnow3U',
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-4-5',
      stop_sequence: null,
      usage: {
        input_tokens: 472,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 100,
        output_tokens: 2,
      },
      content: [],
      stop_reason: null,
    },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'ping' },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Okay' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: ', let’s check the weather' } },
  { type: 'content_block_stop', index: 0 },
  {
    type: 'content_block_start',
    index: 1,
    content_block: { type: 'tool_use', id: 'toolu_01T1x1fJ34qAmk2tNTrN7Up6', name: 'get_weather', input: {} },
  },
  { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '' } },
  {
    type: 'content_block_delta',
    index: 1,
    delta: { type: 'input_json_delta', partial_json: '{"location":' },
  },
  {
    type: 'content_block_delta',
    index: 1,
    delta: { type: 'input_json_delta', partial_json: ' "San Francisc' },
  },
  { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: 'o, CA"}' } },
  { type: 'content_block_stop', index: 1 },
  {
    type: 'message_delta',
    delta: { stop_reason: 'tool_use', stop_sequence: null },
    usage: { output_tokens: 89 },
  },
  { type: 'message_stop' },
]

/** The same answer without streaming, as the API's reference shows a message. */
export const WEATHER_MESSAGE: JsonObject = {
  id: 'msg_014p7gG3wDgGV9EUtLvnow3U',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-4-5',
  content: [
    { type: 'text', text: 'Okay, let’s check the weather' },
    {
      type: 'tool_use',
      id: 'toolu_01T1x1fJ34qAmk2tNTrN7Up6',
      name: 'get_weather',
      input: { location: 'San Francisco, CA' },
    },
  ],
  stop_reason: 'tool_use',
  stop_sequence: null,
  usage: {
    input_tokens: 472,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 100,
    output_tokens: 89,
  },
}

/** The events with which Anthropic streams a message: texts and inputs in pieces of so many characters. */
export function streamOf(message: JsonObject, pieceSize: number): JsonObject[] {
  const { content, stop_reason, usage, ...head } = message
  const pieces = (text: string) =>
    Array.from({ length: Math.ceil(text.length / pieceSize) }, (_, i) =>
      text.slice(i * pieceSize, (i + 1) * pieceSize),
    )
  const { output_tokens, ...read } = usage as JsonObject
  return [
    {
      type: 'message_start',
      message: {
        ...head,
        content: [],
        stop_reason: null,
        usage: { ...read, output_tokens: Math.min(1, Number(output_tokens)) },
      },
    },
    ...(content as JsonObject[]).flatMap((block, index): JsonObject[] => {
      const deltas =
        block.type === 'text'
          ? pieces(String(block.text)).map((text) => ({ type: 'text_delta', text }))
          : block.type === 'thinking'
            ? pieces(String(block.thinking)).map((thinking) => ({ type: 'thinking_delta', thinking }))
            : Object.keys(block.input as JsonObject).length === 0
              ? []
              : pieces(JSON.stringify(block.input)).map((partial_json) => ({
                  type: 'input_json_delta',
                  partial_json,
                }))
      const empty =
        block.type === 'text' ? { text: '' } : block.type === 'thinking' ? { thinking: '' } : { input: {} }
      return [
        { type: 'content_block_start', index, content_block: { ...block, ...empty } },
        ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
        { type: 'content_block_stop', index },
      ]
    }),
    { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: { output_tokens } },
    { type: 'message_stop' },
  ]
}
