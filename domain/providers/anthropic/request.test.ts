import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { conversation } from '../conversations.fixture.ts'
import { Untranslatable, type JsonObject } from '../provider.ts'
import { messagesRequest } from './request.ts'

const HELLO = [{ role: 'user', content: 'Hello' }]

function translate(body: JsonObject) {
  return messagesRequest({ model: 'support', messages: HELLO, ...body }, 'claude-sonnet-4-5')
}

test('the least request', () => {
  expect(translate({})).toEqual({
    model: 'claude-sonnet-4-5',
    max_tokens: 8_192,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
  })
})

test('settings', () => {
  const body = {
    max_completion_tokens: 100,
    max_tokens: 50,
    temperature: 0.2,
    stop: ['END', ' \n'],
    stream: true,
    stream_options: { include_usage: true },
    user: 'user-7',
    metadata: { cohort: 'beta' },
    seed: 1,
    presence_penalty: 1,
    logit_bias: { 50256: -100 },
    reasoning_effort: 'high',
    service_tier: 'flex',
  }
  expect(translate(body)).toEqual({
    model: 'claude-sonnet-4-5',
    max_tokens: 100,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    temperature: 0.2,
    stop_sequences: ['END'],
    metadata: { user_id: 'user-7' },
    stream: true,
  })
})

test.each([
  [{ stop: 'END' }, { stop_sequences: ['END'] }],
  [{ temperature: 0.4, top_p: 0.9 }, { temperature: 0.4 }],
  [{ temperature: 1, top_p: 0.9 }, { top_p: 0.9 }],
  [{ top_p: 0.9 }, { top_p: 0.9 }],
  [{ metadata: { user_id: 'u' } }, { metadata: { user_id: 'u' } }],
])('%j becomes %j', (body, fields) => {
  expect(translate(body)).toMatchObject(fields)
})

test('a temperature above 1 is cut to 1, which is left out as the default', () => {
  const translated = translate({ temperature: 1.7, top_p: 1 })
  expect(translated).not.toHaveProperty('temperature')
  expect(translated).not.toHaveProperty('top_p')
})

describe('response_format', () => {
  const schema = { type: 'object', properties: { ok: { type: 'boolean' } }, additionalProperties: false }

  test('a strict schema is structured output', () => {
    const response_format = { type: 'json_schema', json_schema: { name: 'verdict', strict: true, schema } }
    const translated = translate({ response_format })
    expect(translated.output_config).toEqual({ format: { type: 'json_schema', schema } })
    expect(translated).not.toHaveProperty('system')
  })

  test('another schema, and JSON, is asked for in words after the system message', () => {
    const messages = [{ role: 'system', content: 'Be brief.' }, ...HELLO]
    const loose = { type: 'json_schema', json_schema: { name: 'verdict', description: 'A verdict', schema } }
    const { system } = translate({ messages, response_format: loose })
    expect(system).toMatch(/^Be brief\.\n\nAnswer with one JSON value and nothing else/)
    expect(system).toContain(`(A verdict):\n${JSON.stringify(schema)}`)
    expect(translate({ response_format: { type: 'json_object' } }).system).toMatch(
      /^Answer with one JSON value/,
    )
    expect(translate({ response_format: { type: 'text' } })).not.toHaveProperty('system')
  })
})

describe('messages', () => {
  const turns = (messages: JsonObject[]) => translate({ messages }).messages

  test('a conversation with tools: neighbours of a role are one turn', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Weather?' },
      { role: 'user', content: [{ type: 'text', text: 'In Paris and Rome.' }] },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          {
            id: 'call_1',
            type: 'function',
            function: { name: 'get_weather', arguments: '{"city":"Paris"}' },
          },
          {
            id: 'functions.get_weather:1',
            type: 'function',
            function: { name: 'get_weather', arguments: '' },
          },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1', content: '12 °C' },
      { role: 'tool', tool_call_id: 'functions.get_weather:1', content: '' },
      { role: 'developer', content: [{ type: 'text', text: 'Use Celsius.' }] },
      { role: 'user', content: 'Well?' },
    ]
    expect(translate({ messages })).toMatchObject({ system: 'Be brief.\n\nUse Celsius.' })
    expect(turns(messages)).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Weather?' },
          { type: 'text', text: 'In Paris and Rome.' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'call_1', name: 'get_weather', input: { city: 'Paris' } },
          { type: 'tool_use', id: 'functions_get_weather_1', name: 'get_weather', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'call_1', content: '12 °C' },
          { type: 'tool_result', tool_use_id: 'functions_get_weather_1' },
          { type: 'text', text: 'Well?' },
        ],
      },
    ])
  })

  test('images and files', () => {
    const content = [
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'low' } },
      { type: 'image_url', image_url: { url: 'data:image/jpg;base64,/9j/4AA=' } },
      { type: 'image_url', image_url: { url: 'https://example.com/cat.jpg' } },
      { type: 'file', file: { filename: 'terms.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' } },
    ]
    expect(turns([{ role: 'user', content }])).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
          { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: '/9j/4AA=' } },
          { type: 'image', source: { type: 'url', url: 'https://example.com/cat.jpg' } },
          {
            type: 'document',
            title: 'terms.pdf',
            source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' },
          },
        ],
      },
    ])
  })

  test('an assistant who spoke first is led in, one who speaks last is continued without white space', () => {
    const messages = [
      { role: 'assistant', content: 'How can I help? ' },
      ...HELLO,
      { role: 'assistant', content: 'The answer is ' },
    ]
    expect(turns(messages)).toEqual([
      { role: 'user', content: [{ type: 'text', text: '(The conversation begins.)' }] },
      { role: 'assistant', content: [{ type: 'text', text: 'How can I help? ' }] },
      { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
      { role: 'assistant', content: [{ type: 'text', text: 'The answer is' }] },
    ])
  })

  test('arguments that are no object stand where the model sees them', () => {
    const tool_calls = [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"cut": "of' } }]
    expect(turns([...HELLO, { role: 'assistant', tool_calls }])).toMatchObject([
      {},
      { content: [{ type: 'tool_use', input: { arguments: '{"cut": "of' } }] },
    ])
  })
})

test.each<[JsonObject, string]>([
  [{ n: 2 }, 'n'],
  [{ modalities: ['text', 'audio'] }, 'modalities'],
  [{ functions: [{ name: 'f' }] }, 'functions'],
  [{ tools: [{ type: 'custom', custom: { name: 'f' } }] }, 'tools[0]'],
  [{ response_format: { type: 'grammar' } }, 'response_format'],
  [{ messages: [] }, 'messages'],
  [{ messages: [{ role: 'user', content: ' ' }] }, 'messages'],
  [{ messages: [...HELLO, { role: 'function', name: 'f', content: '1' }] }, 'messages[1].role'],
  [{ messages: [{ role: 'user', content: [{ type: 'input_audio' }] }] }, 'messages[0].content[0]'],
  [
    { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'file:///x' } }] }] },
    'messages[0].content[0]',
  ],
  [{ messages: [{ role: 'user', content: 7 }] }, 'messages[0].content'],
])('%j is refused', (body, param) => {
  expect(() => translate(body)).toThrow(expect.objectContaining({ name: 'Untranslatable', param }))
  expect(() => translate(body)).toThrow(Untranslatable)
})

interface Block {
  type: string
  text?: string
  content?: string
  id?: string
  tool_use_id?: string
  name?: string
  input?: JsonObject
}

test('any conversation keeps its texts, order and calls, and its roles alternate', () => {
  fc.assert(
    fc.property(conversation, (messages) => {
      const { messages: turns, system = '' } = translate({ messages }) as unknown as {
        messages: { role: string; content: Block[] }[]
        system?: string
      }
      turns.forEach(({ role }, i) => expect(role).toBe(i % 2 === 0 ? 'user' : 'assistant'))
      for (const { content } of turns) {
        expect(content.length).toBeGreaterThan(0)
        for (const { text } of content) if (text !== undefined) expect(text.trim()).not.toBe('')
        // Results of tools must come before the user's words.
        const results = content.findLastIndex(({ type }) => type === 'tool_result')
        const words = content.findIndex(({ type }) => type === 'text')
        if (results >= 0 && words >= 0) expect(results).toBeLessThan(words)
      }
      const said = (roles: string[]) =>
        messages
          .filter(({ role }) => roles.includes(String(role)))
          .flatMap(({ content }) => textsOf(content))
          .join('')
      const opening = turns[0]!.content[0]!.text === '(The conversation begins.)' ? 1 : 0
      const blocks = turns.slice(opening).flatMap(({ content }) => content)
      const written = blocks.map(({ text, content }) => text ?? content ?? '').join('')
      expect(squeezed(written)).toBe(squeezed(said(['user', 'assistant', 'tool'])))
      expect(squeezed(system)).toBe(squeezed(said(['system', 'developer'])))
      const calls = messages.flatMap(({ tool_calls = [] }) => tool_calls as { function: { name: string } }[])
      const uses = blocks.filter(({ type }) => type === 'tool_use')
      expect(uses.map(({ name }) => name)).toEqual(calls.map((call) => call.function.name))
      const results = blocks.filter(({ type }) => type === 'tool_result')
      expect(results.map(({ tool_use_id }) => tool_use_id)).toEqual(uses.map(({ id }) => id))
      for (const { id } of uses) expect(id).toMatch(/^[\w-]+$/)
    }),
  )
})

function textsOf(content: unknown): string[] {
  if (Array.isArray(content)) return (content as { text: string }[]).map(({ text }) => text)
  return typeof content === 'string' ? [content] : []
}

/** White space at edges is not kept everywhere. */
function squeezed(text: string): string {
  return text.replaceAll(/\s/g, '')
}
