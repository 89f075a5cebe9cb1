import { expect, test } from 'vitest'
import { anthropicError } from './error.ts'

const body = (type: string, message: string) =>
  JSON.stringify({ type: 'error', error: { type, message }, request_id: 'req_011' })

// Types and statuses: https://platform.claude.com/docs/en/api/errors
test.each([
  [400, 'invalid_request_error', 'max_tokens: Field required', 'invalid_request_error', null],
  [
    400,
    'invalid_request_error',
    'prompt is too long: 208310 tokens > 200000 maximum',
    'invalid_request_error',
    'context_length_exceeded',
  ],
  [
    400,
    'invalid_request_error',
    'input length and `max_tokens` exceed context limit: 199000 + 8192 > 200000',
    'invalid_request_error',
    'context_length_exceeded',
  ],
  [
    400,
    'invalid_request_error',
    'Your credit balance is too low to access the Anthropic API.',
    'insufficient_quota',
    'insufficient_quota',
  ],
  [
    400,
    'invalid_request_error',
    'Output blocked by content filtering policy',
    'invalid_request_error',
    'content_policy_violation',
  ],
  [401, 'authentication_error', 'invalid x-api-key', 'invalid_request_error', 'invalid_api_key'],
  [402, 'billing_error', 'There is an issue with your billing', 'insufficient_quota', 'insufficient_quota'],
  [
    403,
    'permission_error',
    'Your API key may not use this resource',
    'invalid_request_error',
    'permission_denied',
  ],
  [404, 'not_found_error', 'model: claude-9', 'invalid_request_error', 'model_not_found'],
  [
    429,
    'rate_limit_error',
    'Number of request tokens has exceeded your rate limit',
    'rate_limit_error',
    'rate_limit_exceeded',
  ],
  [500, 'api_error', 'Internal server error', 'server_error', null],
  [529, 'overloaded_error', 'Overloaded', 'server_error', 'overloaded'],
])('%i %s: %s', (status, type, message, openaiType, code) => {
  expect(anthropicError(status, body(type, message))).toEqual({
    message,
    type: openaiType,
    code,
    param: null,
  })
})

test('a body that is not Anthropic’s is told as it is', () => {
  expect(anthropicError(502, '<html>Bad gateway</html>')).toEqual({
    message: '<html>Bad gateway</html>',
    type: 'server_error',
    code: null,
    param: null,
  })
  expect(anthropicError(503, '')).toMatchObject({ message: 'HTTP 503', type: 'server_error' })
})
