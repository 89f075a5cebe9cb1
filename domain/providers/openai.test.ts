import { expect, test } from 'vitest'
import { openai } from './openai.ts'
import { Untranslatable } from './provider.ts'
import { providerOf } from './registry.ts'
import { asked } from './streams.fixture.ts'

const target = { servedModel: 'gpt-x', baseUrl: 'https://api.test/v1' }

test('all but the model passes through', () => {
  const body = { model: 'support', messages: [], new_field: { deep: [1] } }
  expect(openai.request('chat', body, target)).toEqual({
    path: '/chat/completions',
    headers: { 'content-type': 'application/json' },
    body: { ...body, model: 'gpt-x' },
  })
  expect(body.model).toBe('support')
  expect(openai.request('completions', body, target).path).toBe('/completions')
  expect(openai.request('embeddings', body, target).path).toBe('/embeddings')
  expect(openai.stream).toBeUndefined()
  const answer = { anything: 1 }
  expect(openai.response(answer, asked())).toBe(answer)
  expect(() => openai.response('<html>', asked())).toThrow(TypeError)
})

test('each provider carries its key its own way, and none where there is none', () => {
  expect(providerOf({}).auth('k')).toEqual({ authorization: 'Bearer k' })
  expect(providerOf({ provider: 'workers-ai' }).auth('k')).toEqual({ authorization: 'Bearer k' })
  expect(providerOf({ provider: 'anthropic' }).auth('k')).toEqual({
    'x-api-key': 'k',
    'anthropic-version': '2023-06-01',
  })
  expect(providerOf({}).auth('')).toEqual({})
  expect(providerOf({ provider: 'anthropic' }).auth('')).toEqual({ 'anthropic-version': '2023-06-01' })
})

test('Anthropic has no embeddings, and answers legacy completions in a chat', () => {
  const anthropic = providerOf({ provider: 'anthropic' })
  expect(() => anthropic.request('embeddings', { input: 'a' }, target)).toThrow(Untranslatable)
  expect(anthropic.request('completions', { prompt: 'Once', max_tokens: 5 }, target)).toMatchObject({
    path: '/messages',
    body: { model: 'gpt-x', max_tokens: 5, messages: [{ role: 'user', content: [{ text: 'Once' }] }] },
  })
})
