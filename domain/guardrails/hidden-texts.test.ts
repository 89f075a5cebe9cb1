import { expect, test } from 'vitest'
import { assembled, streamed } from '../streams/assembled.ts'
import { mapAnswerTexts } from './answer-texts.ts'
import { compileGuardrails } from './compile.ts'
import { mapRequestTexts, requestSubject } from './request-texts.ts'
import { rule } from './rule.ts'

const MAIL = 'jane@example.com'
const [pii] = compileGuardrails({
  guardrails: [{ on: 'request', check: 'pii', params: {}, passAt: 0.5, onFail: 'redact' }],
})

function redacted(body: Record<string, unknown>): unknown {
  return rule([pii!], body, {
    read: (value) => requestSubject('chat', value),
    map: (value, redact) => mapRequestTexts('chat', value, redact),
  }).value
}

test.for([
  [{ user: MAIL }, { user: '[EMAIL]' }],
  [{ safety_identifier: MAIL }, { safety_identifier: '[EMAIL]' }],
  [{ metadata: { name: MAIL } }, { metadata: { name: '[EMAIL]' } }],
  [{ variables: { card: 4111111111111111 } }, { variables: { card: '[CARD]' } }],
  [{ variables: { n: 7 } }, { variables: { n: 7 } }],
  [
    { variables: { knowledge: [{ fields: { [MAIL]: 'owes' } }] } },
    { variables: { knowledge: [{ fields: { '[EMAIL]': 'owes' } }] } },
  ],
] as const)('what the caller names is redacted: %j', ([given, expected]) => {
  expect(redacted(given)).toEqual(expected)
})

test('fields of a message that OpenAI does not have are redacted, and what is no text is left alone', () => {
  const data = 'amFuZUBleGFtcGxlLmNvbQ=='
  const kept = {
    role: 'user',
    name: 'jane',
    content: [
      { type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } },
      { type: 'input_audio', input_audio: { data, format: 'wav' } },
    ],
  }
  const hidden = (text: string) => ({
    ...kept,
    Content: text,
    reasoning_details: [{ type: 'reasoning.text', text }],
    tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'f', input: text } }],
    audio: { id: 'a', transcript: text },
  })
  expect(redacted({ messages: [hidden(MAIL)] })).toEqual({ messages: [hidden('[EMAIL]')] })
})

test('of a stream everything is put together that is said in pieces', () => {
  const event = (delta: object) => `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`
  const [one, two] = [MAIL.slice(0, 6), MAIL.slice(6)]
  const piece = (text: string) => ({
    audio: { transcript: text },
    reasoning_details: [{ type: 'reasoning.text', index: 0, text }],
    tool_calls: [{ index: 0, id: 'c', type: 'custom', custom: { input: text } }],
  })
  const answer = assembled(event({ role: 'assistant', ...piece(one) }) + event(piece(two)))
  expect(answer.choices).toMatchObject([
    {
      message: {
        role: 'assistant',
        audio: { transcript: MAIL },
        reasoning_details: [{ type: 'reasoning.text', text: MAIL }],
        tool_calls: [{ id: 'c', type: 'custom', custom: { input: MAIL } }],
      },
    },
  ])
  const clean = mapAnswerTexts(answer, (text) => text.replaceAll(MAIL, '[EMAIL]'))
  expect(streamed(clean, { includeUsage: false })).not.toContain('jane')
})
