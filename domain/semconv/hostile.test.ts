import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalise, NORMALISER_VERSION } from './normalise.ts'
import { said } from './spans.fixture.ts'
import type { SpanView } from './view.ts'

const view = (attributes: Record<string, unknown>): SpanView => normalise({ name: 'span', attributes })

/** Names that some convention reads, flattened ones among them, and names that are none. */
const name = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'metadata',
    'metadata.__proto__',
    'metadata.constructor.prototype',
    'gen_ai.input.messages',
    'gen_ai.output.messages',
    'gen_ai.input.messages.0.message.content',
    'gen_ai.system_instructions',
    'gen_ai.tool.definitions',
    'gen_ai.retrieval.documents',
    'gen_ai.response.finish_reasons',
    'gen_ai.usage.input_tokens',
    'gen_ai.prompt',
    'gen_ai.prompt.0.content',
    'gen_ai.completion.0.tool_calls.0.name',
    'gen_ai.event.content',
    'llm.input_messages',
    'llm.input_messages.0',
    'llm.input_messages.0.message',
    'llm.input_messages.0.message.contents.0.message_content',
    'llm.input_messages.999999.message.tool_calls.0.tool_call.function.arguments',
    'llm.input_messages.__proto__.message.role',
    'llm.invocation_parameters',
    'llm.tools.0.tool.json_schema',
    'retrieval.documents.0.document.score',
    'embedding.embeddings.0.embedding.text',
    'input.value',
    'output.value',
    'raw.output',
    'ai.operationId',
    'ai.prompt',
    'ai.prompt.messages',
    'ai.prompt.tools',
    'ai.response.toolCalls',
    'ai.value',
    'ai.documents',
    'sluice.prompt.rendered',
    'sluice.guardrails',
    'tag.tags',
  ),
  fc.string(),
)
/** JSON of any shape, and as text: whole, or cut as limits cut it. */
const plain = fc.jsonValue({ maxDepth: 2, depthSize: 'small' })
const message = fc.record(
  {
    role: plain,
    type: fc.constantFrom('text', 'tool_call', 'tool_result', 'image_url', 'reasoning', 'message'),
    content: plain,
    parts: fc.array(fc.record({ type: fc.constantFrom('text', 'tool_call_response'), content: plain })),
    tool_calls: plain,
    function: plain,
    name: plain,
    choices: fc.array(fc.record({ message: plain })),
  },
  { requiredKeys: [] },
)
const json = fc.oneof(plain, message, fc.array(message, { maxLength: 3 }))
const value = fc.oneof(
  json,
  json.map((each) => JSON.stringify(each)),
  fc.tuple(json, fc.nat(40)).map(([each, at]) => JSON.stringify(each).slice(0, at)),
)
const attributes = fc
  .array(fc.tuple(name, value), { maxLength: 12 })
  .map((entries): Record<string, unknown> => Object.fromEntries(entries))
const span = fc.record({
  name: fc.string(),
  attributes,
  events: fc.array(
    fc.record({
      name: fc.constantFrom(
        'gen_ai.choice',
        'gen_ai.tool.message',
        'gen_ai.content.prompt',
        'exception',
        'gen_ai.client.inference.operation.details',
        'ai.stream.firstChunk',
      ),
      attributes,
    }),
    { maxLength: 3 },
  ),
  resource: attributes,
})

test('never throw, and come to a view that is JSON', () => {
  fc.assert(
    fc.property(span, (hostile) => {
      const before = JSON.stringify(hostile)
      const normalised = normalise(hostile)
      expect(normalised.version).toBe(NORMALISER_VERSION)
      expect(JSON.parse(JSON.stringify(normalised))).toEqual(normalised)
      // The original is kept as it is.
      expect(JSON.stringify(hostile)).toBe(before)
      expect(Object.hasOwn(normalised.metadata, '__proto__')).toBe(false)
      expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    }),
    { numRuns: 500 },
  )
})

test('no prototype is changed', () => {
  const { metadata, input, cohort } = view({
    ...JSON.parse('{"__proto__":{"polluted":1},"metadata":"{\\"__proto__\\":{\\"cohort\\":\\"x\\"}}"}'),
    'metadata.__proto__.polluted': 1,
    'llm.input_messages.__proto__.message.role': 'user',
    'llm.input_messages.0.message.__proto__.content': 'x',
  })
  expect({ metadata, input, cohort }).toEqual({ metadata: {}, input: [], cohort: null })
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})

test('huge values: a deep one is left out, a long list is cut, a far index makes no long list', () => {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
  const wide = JSON.stringify(Array.from({ length: 5_000 }, (_, i) => ({ role: 'user', content: `${i}` })))
  expect(
    view({ 'gen_ai.input.messages': deep, 'output.value': deep, metadata: `{"deep":${deep}}` }).metadata,
  ).toEqual({})
  const called = { name: 'f', arguments: `{"a":${deep}}` }
  const calls = view({
    'gen_ai.input.messages': [{ role: 'assistant', tool_calls: [called] }],
    'gen_ai.tool.definitions': `[{"name":"f","parameters":{"a":${deep}}}]`,
  })
  expect(JSON.stringify(calls)).toContain('"failed":true')
  expect(view({ 'gen_ai.input.messages': wide }).input).toHaveLength(1_000)
  expect(view({ 'llm.input_messages.999999.message.content': 'far' }).input).toEqual([said('user', 'far')])
  expect(view({ [`llm.input_messages.0${'.a'.repeat(500_000)}`]: 1 }).input).toEqual([])
  expect(view({ 'gen_ai.request.model': 'm'.repeat(1_000_000) }).requestModel).toHaveLength(256)
})
