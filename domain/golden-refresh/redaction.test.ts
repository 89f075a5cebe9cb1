import { expect, test } from 'vitest'
import { clean, content } from './candidate.fixture.ts'
import { hashOf } from './candidate.ts'
import { redacted, unfit } from './redaction.ts'

test('personal data goes, the report is of what is left, and that is fit for a row', () => {
  const proposal = redacted(content('My mail is jane.fletcher@example.com, thanks'))
  expect(proposal.content).toEqual({
    cohort: 'billing',
    data: { prompt: 'My mail is [EMAIL], thanks', completion: 'yes' },
  })
  expect(proposal.redaction).toEqual({
    hash: hashOf(proposal.content),
    redactor: { name: 'sluice-redactor', version: expect.any(String) },
    residualDetector: { name: 'sluice-residual-detector', version: expect.any(String) },
    findings: { EMAIL: 1 },
    residual: {},
  })
  expect(unfit(proposal)).toBeUndefined()
})

test('redacting again changes nothing: a redelivered effect gives the same proposal', () => {
  const once = redacted(content('Call +44 20 7946 0958 about 4111 1111 1111 1111'))
  expect(redacted(once.content).content).toEqual(once.content)
})

test('an address that became a cohort is found, since cohorts are not redacted', () => {
  expect(unfit(redacted(content('hello', 'jane@example.com')))).toBe(
    'it still holds personal data: EMAIL (1)',
  )
})

test('content without a cohort stays without', () => {
  expect(redacted({ data: { prompt: 'hello' } }).content).toEqual({ data: { prompt: 'hello' } })
})

test('what is larger than a row may be is not fit', () => {
  expect(unfit(clean(content('a'.repeat(1_000_000))))).toMatch(
    /^it is 10000\d\d bytes, of 1000000 that a row may have$/,
  )
})
