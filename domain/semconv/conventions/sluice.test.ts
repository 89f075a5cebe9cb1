import { expect, test } from 'vitest'
import { normalise } from '../normalise.ts'
import { filled } from '../spans.fixture.ts'

const view = (attributes: Record<string, unknown>) => filled(normalise({ name: 'span', attributes }))

test("the gateway's prompt and guardrails; what is no ref is no prompt", () => {
  expect(
    view({ 'sluice.prompt.rendered': 'prompt:support@v3', 'sluice.guardrails': ['request:pii:redact'] }),
  ).toEqual({
    kind: 'other',
    promptName: 'support',
    promptVersion: 'v3',
    guardrails: ['request:pii:redact'],
    status: 'ok',
  })
  expect(view({ 'sluice.prompt.rendered': 'support' })).toEqual({ kind: 'other', status: 'ok' })
})
