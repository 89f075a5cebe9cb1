import fc from 'fast-check'
import type { JsonObject } from './provider.ts'

const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
const textParts = fc.array(fc.record({ type: fc.constant('text'), text: words }), {
  minLength: 1,
  maxLength: 3,
})

const call = fc.record({
  // Ids of other providers, too.
  id: fc.oneof(
    fc.uuid().map((id) => `call_${id}`),
    fc.nat().map((n) => `functions.look-up:${n}`),
  ),
  type: fc.constant('function'),
  function: fc.record({
    name: fc.stringMatching(/^[a-z_]{1,20}$/),
    arguments: fc.oneof(
      fc.dictionary(words, fc.jsonValue()).map((input) => JSON.stringify(input)),
      fc.constantFrom('', '[1]', '{"cut": "of'),
    ),
  }),
})

const user = fc.record({ role: fc.constant('user'), content: fc.oneof(words, textParts) })
const system = fc.record({
  role: fc.constantFrom('system', 'developer'),
  content: fc.oneof(words, textParts),
})
const assistant = fc.record({ role: fc.constant('assistant'), content: fc.oneof(words, textParts) })
/** A turn with calls of tools, and what each tool said. */
const toolTurn = fc
  .tuple(
    fc.option(words),
    fc.uniqueArray(call, { selector: ({ id }) => id, minLength: 1, maxLength: 3 }),
    fc.infiniteStream(words),
  )
  .map(([content, tool_calls, said]): JsonObject[] => [
    { role: 'assistant', content, tool_calls },
    ...tool_calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: said.next().value as string })),
  ])

/** Conversations such as OpenAI takes them, with a user's word in each. */
export const conversation: fc.Arbitrary<JsonObject[]> = fc
  .tuple(
    fc.array(
      fc.oneof(system, user, assistant).map((message): JsonObject[] => [message]),
      { maxLength: 4 },
    ),
    fc.record({ role: fc.constant('user'), content: words.filter((text) => text.trim() !== '') }),
    fc.array(
      fc.oneof(
        toolTurn,
        fc.oneof(system, user, assistant).map((message): JsonObject[] => [message]),
      ),
      {
        maxLength: 6,
      },
    ),
  )
  .map(([before, asked, after]) => [...before.flat(), asked, ...after.flat()])
