import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { SUPPORT_AGENT_PROMPT, knowledgeLines, renderPrompt, unrenderable } from './prompt.ts'

const render = (texts: string[]) =>
  renderPrompt(
    SUPPORT_AGENT_PROMPT,
    texts.map((text, index) => ({ id: `k${index}`, text })),
    [{ role: 'user', content: 'Hi' }],
  )

test('passages stand as numbered lines, records as their fields, before the conversation', () => {
  const knowledge = [
    { id: 'kb', text: 'Kettles are\n repaired.' },
    { id: 'order', text: '', fields: { order_id: 'A1', eta: 'Monday' } },
  ]
  expect(renderPrompt('Use:\n{{knowledge}}\nEnd.', knowledge, [{ role: 'user', content: 'Hi' }])).toEqual([
    { role: 'system', content: 'Use:\n[1] Kettles are repaired.\n[2] order_id: A1; eta: Monday\nEnd.' },
    { role: 'user', content: 'Hi' },
  ])
})

test('a passage can neither add a line of its own nor reach into the template', () => {
  const texts = fc.array(
    fc.array(
      fc.constantFrom('\n', '\r', '\u2028', '[2] ', '$&', "$'", '$1', '{{knowledge}}', 'word', '\\', ' '),
      {
        maxLength: 8,
      },
    ),
    { maxLength: 5 },
  )
  fc.assert(
    fc.property(texts, (parts) => {
      const passages = parts.map((part) => part.join(''))
      const [system] = render(passages)
      expect(knowledgeLines(system!.content)).toHaveLength(passages.length)
      const words = (text: string) => text.split(/\s+/).filter((word) => word !== '')
      expect(knowledgeLines(system!.content).map(words)).toEqual(passages.map(words))
      expect(system!.content.startsWith(SUPPORT_AGENT_PROMPT.split('{{knowledge}}')[0]!)).toBe(true)
    }),
  )
})

test('only a template of knowledge alone can be rendered from transcripts', () => {
  expect(unrenderable(SUPPORT_AGENT_PROMPT)).toBeUndefined()
  expect(unrenderable('{{ knowledge }} and {{knowledge}}')).toBeUndefined()
  expect(unrenderable('Be kind.')).toBe('its template has no {{knowledge}}')
  expect(unrenderable('{{knowledge}} {{tone}} {{max}}')).toBe('transcripts have no values for tone, max')
})
