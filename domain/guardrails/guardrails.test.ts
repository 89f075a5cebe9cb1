import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../providers/json-object.ts'
import { PII_KINDS } from '../redaction/kinds.ts'
import { Guardrail } from '../routing/route.ts'
import { answerSubject, mapAnswerTexts } from './answer-texts.ts'
import { compileGuardrails, guardrailProblems } from './compile.ts'
import { withoutPii } from './pii.ts'
import { mapRequestTexts, requestSubject } from './request-texts.ts'
import { MAX_CHECKED_CHARS, rule } from './rule.ts'

const INPUT = { messages: [], context: [] }
const guardrail = (more: object) => Guardrail.parse({ on: 'response', check: 'pii', ...more })

function ofRequest(
  guardrails: object[],
  body: JsonObject,
  kind: 'chat' | 'completions' | 'embeddings' = 'chat',
) {
  const compiled = compileGuardrails({
    guardrails: guardrails.map((one) => guardrail({ on: 'request', ...one })),
  })
  return rule(compiled, body, {
    read: (value) => requestSubject(kind, value),
    map: (value, redact) => mapRequestTexts(kind, value, redact),
  })
}

function ofAnswer(
  guardrails: object[],
  content: string | null,
  more: JsonObject = {},
  answerSchema?: Record<string, never>,
) {
  const compiled = compileGuardrails({
    guardrails: guardrails.map(guardrail),
    ...(answerSchema ? { answerSchema } : {}),
  })
  const answer: JsonObject = { choices: [{ index: 0, message: { role: 'assistant', content, ...more } }] }
  const ruling = rule(compiled, answer, {
    read: (value) => answerSubject(value, INPUT),
    map: mapAnswerTexts,
    target: 'a',
  })
  const [choice] = ruling.value.choices as { message: { content: string } }[]
  return { ...ruling, content: choice!.message.content }
}

const user = (content: unknown) => ({ messages: [{ role: 'user', content }] })
const MAIL = 'Write to jane@example.com'

describe('pii', () => {
  test('is taken out of every text of a request: parts, calls, variables', () => {
    const call = {
      id: 't',
      type: 'function',
      function: { name: 'find', arguments: '{"mail":"jane@example.com","n":1}' },
    }
    const { value, verdicts } = ofRequest([{ onFail: 'redact' }], {
      model: 'r',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: MAIL },
            { type: 'image_url', image_url: { url: 'x' } },
          ],
        },
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: 't', content: '{"mail":"jane@example.com"}' },
      ],
      variables: { note: MAIL, knowledge: [{ text: MAIL }], n: 3 },
    })
    expect(JSON.stringify(value)).not.toContain('jane')
    expect(value).toMatchObject({
      messages: [
        { content: [{ text: 'Write to [EMAIL]' }, { type: 'image_url' }] },
        { content: null, tool_calls: [{ function: { arguments: '{"mail":"[EMAIL]","n":1}' } }] },
        { content: '{"mail":"[EMAIL]"}' },
      ],
      variables: { note: 'Write to [EMAIL]', knowledge: [{ text: 'Write to [EMAIL]' }], n: 3 },
    })
    expect(verdicts).toEqual([{ check: 'pii', on: 'request', passed: false, score: 0, action: 'redact' }])
  })

  test('only of the kinds that are asked for', () => {
    const kinds = { params: { kinds: ['CARD'] }, onFail: 'redact' }
    expect(ofAnswer([kinds], `${MAIL} about 4111 1111 1111 1111.`).content).toBe(`${MAIL} about [CARD].`)
    expect(ofAnswer([kinds], MAIL).verdicts).toMatchObject([{ passed: true, action: 'none', target: 'a' }])
  })

  test('what is redacted twice is what was redacted once, and JSON stays JSON', () => {
    const piece = fc.constantFrom(
      'jane@example.com',
      '+49 30 1234567',
      '4111 1111 1111 1111',
      'Jane Fletcher',
      '[EMAIL]',
      '12 Baker Street',
      ' and ',
      '\n',
      '"',
      '{',
      '10.0.0.1',
      'word',
    )
    const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(' '))
    const kinds = fc.subarray([...PII_KINDS], { minLength: 1 }).map((some) => new Set(some))
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          text.map((one) => JSON.stringify({ reply: one, list: [one] })),
        ),
        kinds,
        (one, some) => {
          const once = withoutPii(one, some)
          expect(withoutPii(once, some)).toBe(once)
          if (one.startsWith('{"reply"')) expect(JSON.parse(once)).toHaveProperty('reply')
        },
      ),
    )
  })
})

describe('deny', () => {
  const deny = (params: object, content: string) =>
    ofAnswer([{ check: 'deny', params }], content).stopped?.score

  test('phrases are whole words, however they are written', () => {
    const params = { phrases: ['Acme Corp', 'ass', 'C++'] }
    for (const said of ['try ACME  corp.', 'a\u200bcme corp', 'an ass', 'in C++!'])
      expect([said, deny(params, said)]).toEqual([said, 0])
    for (const said of ['acme corporation', 'class', 'C+'])
      expect([said, deny(params, said)]).toEqual([said, undefined])
    expect(deny({ ...params, ignoreCase: false }, 'an ASS')).toBeUndefined()
  })

  test('patterns are found anywhere, in calls of tools too', () => {
    expect(deny({ patterns: [String.raw`\bpassword\s*:`] }, 'The PASSWORD : x')).toBe(0)
    const call = { type: 'function', function: { name: 'run', arguments: '{"sql":"drop table x"}' } }
    expect(
      ofAnswer([{ check: 'deny', params: { patterns: ['drop table'] } }], null, { tool_calls: [call] })
        .stopped,
    ).toMatchObject({ check: 'deny', score: 0 })
  })

  test('of a request, what users and tools say, and not what the operator or the model said', () => {
    const check = [{ check: 'deny', params: { phrases: ['acme'] } }]
    const system = { role: 'system', content: 'Never name Acme.' }
    const said = { role: 'assistant', content: 'Acme?' }
    expect(
      ofRequest(check, { messages: [system, said, { role: 'user', content: 'Hi' }] }).stopped,
    ).toBeUndefined()
    expect(ofRequest(check, { messages: [system, { role: 'tool', content: 'Acme' }] }).stopped).toBeDefined()
    expect(ofRequest(check, { messages: [], variables: { question: 'Acme?' } }).stopped).toBeDefined()
    expect(ofRequest(check, { prompt: ['Hi', 'Acme'] }, 'completions').stopped).toBeDefined()
  })
})

test('an evaluator judges each choice, and each thing that users say', () => {
  const short = { check: 'LengthLimit', params: { max: 10 } }
  expect(ofAnswer([short], 'Short.').stopped).toBeUndefined()
  expect(ofAnswer([short], 'Much too long.').stopped).toMatchObject({ check: 'LengthLimit', score: 0 })
  expect(ofAnswer([short], null, { tool_calls: [{ function: { name: 'x' } }] }).stopped).toBeUndefined()
  const messages = [
    { role: 'user', content: 'Much too long.' },
    { role: 'user', content: 'Hi' },
  ]
  expect(ofRequest([short], { messages }).stopped).toMatchObject({ check: 'LengthLimit' })
})

test('a user says all of a document, where an answer in JSON is its reply', () => {
  const check = { check: 'RegexMatch', params: { pattern: 'acme', negate: true } }
  const said = '{"reply":"Hi","note":"acme"}'
  expect(ofRequest([check], user(said)).stopped).toMatchObject({ score: 0 })
  expect(ofAnswer([check], said).stopped).toBeUndefined()
})

test('a schema holds answers, not calls of tools and refusals', () => {
  const check = [{ check: 'schema' }]
  const schema = { type: 'object', required: ['intent'] } as unknown as Record<string, never>
  expect(ofAnswer(check, '{"intent":"a"}', {}, schema).stopped).toBeUndefined()
  expect(ofAnswer(check, 'No.', {}, schema).stopped).toMatchObject({ check: 'schema', score: 0 })
  expect(ofAnswer(check, null, { refusal: 'I cannot.' }, schema).stopped).toBeUndefined()
})

describe('what cannot be scored has not passed', () => {
  test.for(['refuse', 'redact'] as const)('%s: a text that is too long is refused', (onFail) => {
    const { stopped } = ofRequest([{ onFail }], user('x'.repeat(MAX_CHECKED_CHARS + 1)))
    expect(stopped).toEqual({
      check: 'pii',
      on: 'request',
      passed: false,
      score: null,
      action: 'refuse',
      note: 'too_long',
    })
  })

  test('a text that an evaluator reads in part', () => {
    const { stopped } = ofRequest([{ check: 'Toxicity' }], user(`${'All is well. '.repeat(2_000)}`))
    expect(stopped).toMatchObject({ check: 'Toxicity', score: null, note: 'too_long' })
  })

  test('tokens instead of words, and a check that fails', () => {
    expect(ofRequest([{}], { input: [[1, 2]] }, 'embeddings').stopped).toMatchObject({ note: 'unreadable' })
    expect(ofRequest([{}], { input: ['a', 'b'] }, 'embeddings').stopped).toBeUndefined()
    const groundedness = { check: 'Expression', params: { expression: 'reference == "x"' } }
    expect(ofAnswer([groundedness], 'Hi').stopped).toMatchObject({ note: 'failed', score: null })
  })

  test('a guardrail that only flags lets it pass, and says so', () => {
    const { stopped, verdicts } = ofAnswer(
      [{ check: 'deny', params: { patterns: ['('] }, onFail: 'flag' }],
      'Hi',
    )
    expect(stopped).toBeUndefined()
    expect(verdicts).toMatchObject([{ passed: false, score: null, action: 'flag', note: 'failed' }])
  })
})

test('what one guardrail takes out the next one does not see', () => {
  const both = [{ onFail: 'redact' }, { check: 'deny', params: { patterns: ['@'] } }]
  expect(ofAnswer(both, MAIL)).toMatchObject({ stopped: undefined, content: 'Write to [EMAIL]' })
  expect(ofAnswer(both.toReversed(), MAIL).stopped).toMatchObject({ check: 'deny' })
})

test('log probabilities go with the text that they spell out', () => {
  const compiled = compileGuardrails({ guardrails: [guardrail({ onFail: 'redact' })] })
  const choice = (content: string) => ({ message: { content }, logprobs: { content: [{ token: content }] } })
  const { value } = rule(compiled, { choices: [choice(MAIL), choice('Hi')] } as JsonObject, {
    read: (answer) => answerSubject(answer, INPUT),
    map: mapAnswerTexts,
  })
  expect(value.choices).toMatchObject([{ logprobs: null }, { logprobs: { content: [{ token: 'Hi' }] } }])
})

test('parameters that cannot be used are found before a route is published', () => {
  const problems = (more: object) => guardrailProblems({ guardrails: [guardrail(more)] })
  expect(problems({ check: 'pii', params: { kinds: ['NOSE'] } })[0]?.path).toBe('guardrails.0.params.kinds.0')
  expect(problems({ check: 'deny' })[0]?.message).toBe('give patterns or phrases')
  expect(problems({ check: 'deny', params: { patterns: ['a', '(?=b)'] } })).toEqual([
    {
      path: 'guardrails.0.params.patterns.1',
      message: 'the pattern uses look-around, which RE2 has not: use negate, or a metric for each part',
    },
  ])
  expect(problems({ check: 'Groundedness', on: 'request' })[0]?.path).toBe('guardrails.0.on')
  expect(problems({ check: 'Contains' })[0]?.path).toBe('guardrails.0.params.texts')
  expect(problems({ check: 'LengthLimit', params: {} })[0]?.message).toBe('set min, max or both')
  expect(problems({ check: 'LanguageMatch', on: 'request' })[0]?.path).toBe('guardrails.0.params.language')
  expect(problems({ check: 'Toxicity' })).toEqual([])
})
