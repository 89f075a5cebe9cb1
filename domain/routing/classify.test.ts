import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { classifyNoResponse, classifyResponse, type Failed, type NoResponse } from './classify.ts'

const openAi = (code: string | null, message = 'no', param: string | null = null) =>
  JSON.stringify({ error: { message, type: 'invalid_request_error', param, code } })

function failed(status: number, body = '', retryAfterMs?: number): Failed {
  const classified = classifyResponse(status, body, retryAfterMs)
  if (classified.answer) throw new Error(`${status} is an answer`)
  return classified
}

const SAME_AND_NEXT = { retrySameTarget: true, nextTarget: true, breakerCounts: true }
const NEXT = { retrySameTarget: false, nextTarget: true, breakerCounts: true }
const STOP = { retrySameTarget: false, nextTarget: false, breakerCounts: false }

test.for([
  ['transient', [408, 425, 500, 502, 503, 504, 520, 529, 599], SAME_AND_NEXT],
  ['rate_limited', [429], NEXT],
  ['credentials', [401, 402, 403], { ...NEXT, openForMs: 60_000 }],
  ['model_gone', [410], { ...NEXT, openForMs: 60_000 }],
  ['caller_fault', [400, 409, 413, 415, 422], STOP],
  ['unknown', [301, 304, 404, 405, 418, 451, 501, 505], NEXT],
] as const)('%s: %j', ([failure, statuses, effect]) => {
  for (const status of statuses) {
    const { openForMs, ...rest } = failed(status)
    expect({ ...rest, ...(openForMs === undefined ? {} : { openForMs }) }).toEqual({
      answer: false,
      failure,
      reason: `HTTP ${status}`,
      ...effect,
    })
  }
})

describe('bodies as upstreams send them', () => {
  test.for<[string, Failed['failure'], number, string]>([
    ['OpenAI', 'context_length', 400, openAi('context_length_exceeded')],
    [
      'vLLM',
      'context_length',
      400,
      '{"object":"error","message":"This model\'s maximum context length is 4096 tokens.","type":"BadRequestError","code":400}',
    ],
    [
      'Anthropic',
      'context_length',
      400,
      '{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 208310 tokens > 200000 maximum"}}',
    ],
    [
      'Google',
      'context_length',
      400,
      '[{"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}]',
    ],
    [
      'OpenAI',
      'credentials',
      429,
      '{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}',
    ],
    [
      'Anthropic',
      'credentials',
      400,
      '{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}}',
    ],
    [
      'Google',
      'credentials',
      400,
      '[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]',
    ],
    [
      'Google',
      'rate_limited',
      429,
      '[{"error":{"code":429,"message":"You exceeded your current quota","status":"RESOURCE_EXHAUSTED"}}]',
    ],
    [
      'Groq',
      'rate_limited',
      413,
      '{"error":{"message":"Request too large","type":"tokens","code":"rate_limit_exceeded"}}',
    ],
    ['OpenAI', 'model_gone', 404, openAi('model_not_found')],
    [
      'vLLM',
      'model_gone',
      404,
      '{"object":"error","message":"The model `m` does not exist.","type":"NotFoundError","code":404}',
    ],
    [
      'Anthropic',
      'model_gone',
      404,
      '{"type":"error","error":{"type":"not_found_error","message":"model: claude-0"}}',
    ],
    [
      'Azure',
      'model_gone',
      404,
      '{"error":{"code":"DeploymentNotFound","message":"The API deployment does not exist."}}',
    ],
    ['OpenRouter', 'model_gone', 400, '{"error":{"message":"a/b is not a valid model ID","code":400}}'],
    ['OpenAI', 'caller_fault', 404, openAi(null, "Item with id 'rs_1' not found.", 'input')],
    ['OpenAI', 'caller_fault', 400, openAi(null, "Invalid value for 'temperature'", 'temperature')],
    ['FastAPI', 'caller_fault', 422, '{"detail":[{"loc":["body","messages"],"msg":"field required"}]}'],
    ['Azure', 'content_policy', 400, openAi('content_filter', 'The response was filtered')],
    [
      'OpenRouter',
      'content_policy',
      403,
      '{"error":{"code":403,"message":"Your chosen model requires moderation and your input was flagged"}}',
    ],
    ['an ingress without the service', 'unknown', 404, 'default backend - 404'],
    [
      'Anthropic',
      'transient',
      529,
      '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
    ],
  ])('%s: %s', ([, failure, status, body]) => {
    expect(failed(status, body).failure).toBe(failure)
  })

  test('a body that was cut off is read as far as it goes', () => {
    const body = openAi('context_length_exceeded', 'x'.repeat(100)).slice(0, -2)
    expect(failed(400, body).failure).toBe('context_length')
    expect(
      failed(400, `{"error":{"code": "context_length_exceeded", "message":"${'x'.repeat(9000)}`).failure,
    ).toBe('context_length')
  })

  test('what a caller can make an upstream quote opens no breaker', () => {
    const quotes = [
      'your credit balance is too low',
      'insufficient_quota',
      'invalid model',
      'api key not valid',
    ]
    for (const quote of quotes) {
      const body = openAi(
        'invalid_value',
        `Invalid value: '${quote}'. Supported values are: 'a'.`,
        'tool_choice',
      )
      expect(failed(400, body)).toMatchObject(STOP)
    }
  })

  test('the reason names the code, and nothing that a caller wrote', () => {
    expect(failed(404, openAi('model_not_found')).reason).toBe('HTTP 404 model_not_found')
    expect(failed(400, openAi('a\r\nset-cookie: b', 'secret text')).reason).toBe('HTTP 400')
  })
})

describe('Retry-After', () => {
  test('a short one is waited for on the same target, which others leave alone meanwhile', () => {
    expect(failed(429, '', 2_000)).toMatchObject({ ...SAME_AND_NEXT, openForMs: 2_000 })
    expect(failed(429, '', 0)).toMatchObject(SAME_AND_NEXT)
    expect(failed(429, '', 0).openForMs).toBeUndefined()
  })

  test('a long one sends the request on, and keeps the breaker open for a minute at most', () => {
    expect(failed(429, '', 20_000)).toMatchObject({ ...NEXT, openForMs: 20_000 })
    expect(failed(429, '', 3_600_000)).toMatchObject({ ...NEXT, openForMs: 60_000 })
    expect(failed(503, '', 20_000)).toMatchObject(NEXT)
  })

  test('the route says what is short', () => {
    expect(classifyResponse(429, '', 2_000, 1_000)).toMatchObject(NEXT)
  })
})

test('every status and body has one class, in bounded time', () => {
  const body = fc.oneof(fc.string({ maxLength: 4096 }), fc.json(), fc.constant('"code":"'.repeat(500)))
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 599 }),
      body,
      fc.option(fc.nat()),
      (status, text, retryAfterMs) => {
        const classified = classifyResponse(status, text, retryAfterMs ?? undefined)
        expect(classified.answer).toBe(status >= 200 && status < 300)
        if (classified.answer) return
        const { failure, retrySameTarget, nextTarget, breakerCounts, openForMs, reason } = classified
        expect(reason).toMatch(/^HTTP \d{3}( [\w.-]{1,64})?$/)
        // Whoever may ask again may ask another; what opens a breaker counts; a fault of the caller touches nothing of ours.
        if (retrySameTarget) expect(nextTarget).toBe(true)
        if (openForMs !== undefined) expect(breakerCounts && openForMs > 0 && openForMs <= 60_000).toBe(true)
        if (!nextTarget) expect(['caller_fault', 'content_policy']).toContain(failure)
        if (!nextTarget) expect(breakerCounts).toBe(false)
      },
    ),
  )
})

test('each status from 100 to 599 without a body has a class', () => {
  for (let status = 100; status < 600; status++) expect(classifyResponse(status, '')).toHaveProperty('answer')
})

test.for<[NoResponse, Failed['failure'], boolean]>([
  ['refused', 'transient', true],
  ['reset', 'transient', true],
  ['not_json', 'transient', true],
  ['headers_timeout', 'timeout', false],
  ['first_chunk_timeout', 'timeout', false],
  ['empty_stream', 'transient', false],
  ['in_band_error', 'transient', false],
])('%s is %s; the same target is asked again: %s', ([kind, failure, retrySameTarget]) => {
  expect(classifyNoResponse(kind)).toMatchObject({
    failure,
    retrySameTarget,
    nextTarget: true,
    breakerCounts: true,
  })
})
