import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { notice, notices } from './notice.fixture.ts'
import { SLACK_LIMITS, slackPayload, type SlackBlock } from './slack.ts'
import { slackLink, slackText } from './slack-text.ts'

const textsOf = (block: SlackBlock) => {
  if (block.type === 'context') return block.elements
  return 'fields' in block ? block.fields : [block.text]
}

test('an incident as a Slack message', () => {
  const { text, blocks } = slackPayload(notice({ sentence: 'Groundedness < 0.8 & falling' }))
  expect(text).toBe(
    'Opened: support: cohort billing-de is below its score: Groundedness &lt; 0.8 &amp; falling',
  )
  expect(blocks.map(({ type }) => type)).toEqual([
    'header',
    'section',
    'section',
    'section',
    'section',
    'section',
    'context',
  ])
  expect(blocks.flatMap(textsOf).map((each) => each.text)).toEqual([
    'Opened: support: cohort billing-de is below its score',
    'Groundedness &lt; 0.8 &amp; falling',
    '*Route*\np/support',
    '*Version*\nroute:support@v2',
    '*About*\nbilling-de',
    expect.stringMatching(/^\*Status\*\nopen by sluice: it is low until/),
    '*Open since*\n2026-08-03T02:10:00.000Z',
    '*Findings*\n1',
    '*Most likely behind it*\n• prompt: prompt:a@2 since 1970-01-01T00:00:00.001Z (75%)',
    '*Actions*\n• not done: roll-back (there is no version to roll back to)',
    '*Examples*\n• <https://sluice.test/#/traces/ab12?a=1&amp;b=2|ab12> (0.250)',
    expect.stringMatching(/^<https:\/\/sluice.test\/#\/incidents\/inc_\w+\|Open the incident>$/),
  ])
})

test('whatever users wrote, Slack takes the message, and nothing in it is markup but our links', () => {
  fc.assert(
    fc.property(notices, (each) => {
      const { text, blocks } = slackPayload(each)
      expect(blocks.length).toBeLessThanOrEqual(SLACK_LIMITS.blocks)
      expect(text.length).toBeLessThanOrEqual(SLACK_LIMITS.fallback)
      for (const block of blocks) {
        if ('fields' in block) expect(block.fields.length).toBeLessThanOrEqual(SLACK_LIMITS.fields)
        const max =
          block.type === 'header' ? SLACK_LIMITS.header : SLACK_LIMITS['fields' in block ? 'field' : 'text']
        for (const { text: shown } of textsOf(block)) {
          expect(shown.length).toBeGreaterThan(0)
          expect(shown.length).toBeLessThanOrEqual(max)
          expect(shown.isWellFormed()).toBe(true)
          const others = shown.replaceAll(/<https:\/\/sluice\.test\/[^<>|]*\|[^<>|]*>/g, '')
          expect(others).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/)
        }
      }
    }),
    { numRuns: 300 },
  )
})

test('escaping can be undone, and what was cut is a beginning', () => {
  const back = (text: string) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('&', '<', '>', ';', 'a', '😀') }),
      fc.integer({ min: 1, max: 40 }),
      (text, max) => {
        expect(back(slackText(text, Number.POSITIVE_INFINITY))).toBe(text)
        const cut = slackText(text, max)
        expect(cut.length).toBeLessThanOrEqual(max)
        if (cut.endsWith('…')) expect(text.startsWith(back(cut.slice(0, -1)))).toBe(true)
        else expect(back(cut)).toBe(text)
      },
    ),
  )
})

test('escapes are never cut in half', () => {
  expect(slackText('ab&cd', 9)).toBe('ab&amp;cd')
  expect(slackText('ab&cd', 8)).toBe('ab&amp;…')
  expect(slackText('ab&cd', 7)).toBe('ab…')
})

test('a link cannot be ended from within', () => {
  expect(slackLink('https://a.test/?b=1&c=|d', 'x|y<z>')).toBe(
    '<https://a.test/?b=1&amp;c=%7Cd|x/y&lt;z&gt;>',
  )
})
