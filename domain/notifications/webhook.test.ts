import * as fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { jsonBytes } from '../json.ts'
import { AT, LINKS, notice, notices, openIncident } from './notice.fixture.ts'
import { noticeOf } from './incident-notice.ts'
import { IncidentMessage, MAX_PAYLOAD_BYTES, messageId, webhookPayload } from './webhook.ts'

test('an incident as a webhook: its type, the time of the event, and its data', () => {
  const state = openIncident()
  expect(webhookPayload(notice())).toEqual({
    type: 'incident.opened',
    timestamp: '2026-08-03T02:10:00.000Z',
    data: {
      incidentId: state.incidentId,
      occasion: 'opened',
      revision: 1,
      at: '2026-08-03T02:10:00.000Z',
      project: 'p',
      route: 'support',
      routeVersion: 'route:support@v2',
      kind: 'cohort',
      subject: 'billing-de',
      status: 'open',
      sentence: state.sentence,
      openedAt: '2026-08-03T02:10:00.000Z',
      badSweeps: 1,
      changedBy: { actor: 'sluice', reason: state.sentence },
      suspects: [{ kind: 'prompt', ref: 'prompt:a@2', at: '1970-01-01T00:00:00.001Z', probability: 0.75 }],
      evidence: [],
      examples: [{ traceId: 'ab12', score: 0.25, url: 'https://sluice.test/#/traces/ab12?a=1&b=2' }],
      actions: [{ do: 'roll-back', target: '', reason: 'there is no version to roll back to' }],
      url: `https://sluice.test/#/incidents/${state.incidentId}`,
    },
  })
})

test('a message stays as small as the specification asks, and of its shape, whatever users wrote', () => {
  fc.assert(
    fc.property(notices, (each) => {
      const message = webhookPayload(each)
      expect(jsonBytes(message)).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES)
      expect(IncidentMessage.parse(message)).toEqual(message)
      // Event types of the specification: identifiers of [a-zA-Z0-9_] between full stops.
      expect(message.type).toMatch(/^\w+(\.\w+)+$/)
    }),
    { numRuns: 300 },
  )
})

test('what makes a message too large goes first: evidence and examples, not what happened', () => {
  const long = '語'.repeat(2_000)
  const state = openIncident()
  const found = { ...state.evidence.kept[0]!, sentence: long }
  const large = {
    ...state,
    sentence: long,
    evidence: { kept: [found, found, found, found], dropped: 0 },
    examples: ['a', 'b', 'c', 'd', 'e'].map((id) => ({ traceId: `${id}${long}`, spanId: '1', score: 0 })),
  }
  const withheld = Array.from({ length: 10 }, () => ({ do: 'retrain' as const, target: long, reason: long }))
  const occasion = { occasion: 'flagged' as const, revision: 2, at: AT }
  const links = { ...LINKS, trace: () => `https://sluice.test/${'a'.repeat(900)}` }
  const { data } = webhookPayload(noticeOf(large, occasion, { actions: [], withheld }, links))
  expect([data.evidence.length, data.examples.length, data.actions.length]).toEqual([0, 0, 10])
  expect(data.sentence).toHaveLength(1_500)
})

test('its id is that of the event, and what is signed can be verified', () => {
  const id = messageId('inc_1', 'opened', 1)
  expect(id).toBe(messageId('inc_1', 'opened', 1))
  expect(new Set([id, messageId('inc_1', 'resolved', 1), messageId('inc_1', 'opened', 2)]).size).toBe(3)
  // "It's important that both the message id and the timestamp not … include any `.`".
  expect(id).toMatch(/^msg_[0-9a-f]{32}$/)
  const webhook = new Webhook('whsec_c2x1aWNlLXRlc3Qtc2VjcmV0LXNsdWljZS10ZXN0LXNlYw==')
  const body = JSON.stringify(webhookPayload(notice()))
  const now = new Date()
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': webhook.sign(id, now, body),
  }
  expect(webhook.verify(body, headers)).toEqual(webhookPayload(notice()))
})

test('a link that no browser opens, or that is too long, is left out', () => {
  const urls = (link: string) =>
    noticeOf(
      openIncident(),
      { occasion: 'opened', revision: 1, at: AT },
      { actions: [], withheld: [] },
      {
        incident: () => link,
        trace: () => null,
      },
    ).url
  expect(urls('javascript:alert(1)')).toBeNull()
  expect(urls('/incidents/1')).toBeNull()
  expect(urls(`https://sluice.test/${'a'.repeat(1_000)}`)).toBeNull()
  expect(urls('https://sluice.test/ü<b>')).toBe('https://sluice.test/%C3%BC%3Cb%3E')
})
