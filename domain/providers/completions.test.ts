import { expect, test } from 'vitest'
import { WEATHER_MESSAGE, WEATHER_STREAM, streamOf } from './anthropic/messages.fixture.ts'
import { chatRequest, completionStream } from './completions.ts'
import type { JsonObject } from './provider.ts'
import { providerOf } from './registry.ts'
import { asked, eventsOf, sse, translated } from './streams.fixture.ts'

test('a prompt becomes the user’s message', () => {
  const body = {
    model: 'm',
    prompt: ['Reply with: pong'],
    max_tokens: 5,
    stop: ['\n'],
    logprobs: null,
    echo: false,
  }
  expect(chatRequest(body)).toEqual({
    model: 'm',
    max_tokens: 5,
    stop: ['\n'],
    messages: [{ role: 'user', content: 'Reply with: pong' }],
  })
})

test.each<[JsonObject, string]>([
  [{ prompt: ['a', 'b'] }, 'prompt'],
  [{ prompt: [1, 2] }, 'prompt'],
  [{}, 'prompt'],
  [{ prompt: 'a', suffix: 'b' }, 'suffix'],
  [{ prompt: 'a', echo: true }, 'echo'],
  [{ prompt: 'a', logprobs: 3 }, 'logprobs'],
  [{ prompt: 'a', best_of: 2 }, 'best_of'],
])('%j is refused', (body, param) => {
  expect(() => chatRequest(body)).toThrow(expect.objectContaining({ name: 'Untranslatable', param }))
})

const legacy = asked({ prompt: 'Once', stream_options: { include_usage: true } }, 'completions')
const anthropic = providerOf({ provider: 'anthropic' })
const message = {
  ...WEATHER_MESSAGE,
  content: [{ type: 'text', text: 'upon a time' }],
  stop_reason: 'end_turn',
}

test('a chat model’s answer becomes a text completion', () => {
  expect(anthropic.response(message, legacy)).toEqual({
    id: 'msg_014p7gG3wDgGV9EUtLvnow3U',
    object: 'text_completion',
    created: 1_795_651_200,
    model: 'claude-sonnet-4-5',
    choices: [{ text: 'upon a time', index: 0, logprobs: null, finish_reason: 'stop' }],
    usage: expect.objectContaining({ total_tokens: 661 }) as unknown,
  })
})

test('its stream becomes that of a text completion', () => {
  const translator = anthropic.stream!(legacy)
  const events = eventsOf(translated(translator, sse(streamOf(message, 5))))
  expect(events.at(-1)).toBeNull()
  const chunks = events.filter((event) => event !== null) as { choices: { text: string }[]; usage: unknown }[]
  expect(chunks.flatMap(({ choices }) => choices.map(({ text }) => text)).join('')).toBe('upon a time')
  expect(chunks.at(-2)).toMatchObject({ object: 'text_completion', choices: [{ finish_reason: 'stop' }] })
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 661 } })
  expect(translator).toMatchObject({ done: true, failed: false, usage: { total_tokens: 661 } })
})

test('a stream that breaks off, or carries an error, fails', () => {
  const cut = anthropic.stream!(legacy)
  const events = eventsOf(translated(cut, sse(WEATHER_STREAM.slice(0, 5))))
  expect(events.at(-1)).toMatchObject({ error: { code: 'upstream_stream_error' } })
  expect(cut).toMatchObject({ done: false, failed: true })
  const wrong = completionStream()
  expect(eventsOf(translated(wrong, sse([{ error: { message: 'no' } }])))).toMatchObject([
    { error: { message: 'no' } },
  ])
  expect(wrong.failed).toBe(true)
})
