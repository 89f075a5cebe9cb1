import { expect, test } from 'vitest'
import { upstreamError } from './upstream-error.ts'

test('an OpenAI error stays as it is', () => {
  const error = { message: 'Bad', type: 'invalid_request_error', param: 'n', code: 'integer_above_max_value' }
  expect(upstreamError(400, JSON.stringify({ error }))).toEqual(error)
})

// Bodies of vLLM, Ollama, llama.cpp and FastAPI, which write no code, or a number.
test.each([
  [
    400,
    {
      object: 'error',
      message: "This model's maximum context length is 4096 tokens.",
      type: 'BadRequestError',
      code: 400,
    },
    'context_length_exceeded',
  ],
  [
    404,
    { object: 'error', message: 'The model `x` does not exist.', type: 'NotFoundError', code: 404 },
    'model_not_found',
  ],
  [404, { error: 'model "x" not found, try pulling it first' }, 'model_not_found'],
  [
    400,
    {
      error: {
        code: 400,
        message: 'the request exceeds the available context size',
        type: 'exceed_context_size_error',
      },
    },
    'context_length_exceeded',
  ],
  [429, { detail: 'Too many requests' }, 'rate_limit_exceeded'],
  [
    429,
    { error: { message: 'You exceeded your current quota, please check your plan' } },
    'insufficient_quota',
  ],
  [
    400,
    {
      error: {
        code: 400,
        message: 'The input token count (314175) exceeds the maximum number of tokens allowed (131072).',
      },
    },
    'context_length_exceeded',
  ],
  [401, {}, 'invalid_api_key'],
  [400, { detail: 'n must be 1' }, null],
  [500, { error: { message: 'maximum context length' } }, null],
])('%i %j has the code %s', (status, body, code) => {
  expect(upstreamError(status, JSON.stringify(body)).code).toBe(code)
})

test('whatever came, there is a message of bounded length', () => {
  for (const body of [
    '',
    'null',
    '[]',
    '{"error":{}}',
    '{"error":{"message":""}}',
    '<html>'.repeat(10_000),
  ]) {
    const { message, type } = upstreamError(502, body)
    expect(message.length).toBeGreaterThan(0)
    expect(message.length).toBeLessThanOrEqual(1_000)
    expect(type).toBe('server_error')
  }
})

test.each([
  ['Google', [{ error: { code: 400, message: 'Bad field', status: 'INVALID_ARGUMENT' } }]],
  ['Cloudflare', { success: false, errors: [{ code: 7003, message: 'Bad field' }] }],
])('the words of %s are told without what is around them', (_, body) => {
  expect(upstreamError(400, JSON.stringify(body)).message).toBe('Bad field')
})
