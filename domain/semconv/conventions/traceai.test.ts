import { expect, test } from 'vitest'
import { normalise } from '../normalise.ts'
import { filled, said } from '../spans.fixture.ts'

const view = (attributes: Record<string, unknown>) => filled(normalise({ name: 'span', attributes }))

test('cost, a prompt template, details of usage, messages below the names of OpenTelemetry', () => {
  expect(
    view({
      'gen_ai.span.kind': 'GUARDRAIL',
      'gen_ai.cost.input': 0.25,
      'gen_ai.cost.output': 0.5,
      'gen_ai.prompt.template.name': 'support',
      'gen_ai.prompt.template.label': 'production',
      'gen_ai.usage.cache_read_tokens': 4,
      'gen_ai.input.messages.0.message.role': 'user',
      'gen_ai.input.messages.0.message.content': 'hi',
    }),
  ).toEqual({
    kind: 'guardrail',
    costUsd: 0.75,
    promptName: 'support',
    promptVersion: 'production',
    cacheReadTokens: 4,
    input: [said('user', 'hi')],
    status: 'ok',
  })
})
