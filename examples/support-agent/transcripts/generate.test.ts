import { describe, expect, test } from 'vitest'
import { DatasetRow } from '../../../domain/dataset/row.ts'
import { knowledgeText } from '../../../domain/dataset/prompt.ts'
import { Transcript } from '../../../domain/dataset/transcript.ts'
import { COHORTS } from './cohorts/index.ts'
import { generateTranscripts } from './generate.ts'
import { productionTraffic } from './traffic.ts'

const rows = generateTranscripts({ seed: 1, rows: 1500, goldenShare: 0.4 })
const transcripts = rows.map(({ data }) => Transcript.parse(data))
const said = transcripts.map(({ messages }) => messages.map(({ content }) => content).join('\n'))

describe('generated transcripts', () => {
  test('are dataset rows with ids of their own, the same for the same seed and others for another', () => {
    for (const row of rows) expect(DatasetRow.parse(row)).toEqual(row)
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
    expect(generateTranscripts({ seed: 1, rows: 1500, goldenShare: 0.4 })).toEqual(rows)
    const other = generateTranscripts({ seed: 2, rows: 100 })
    expect(other.map(({ data }) => data)).not.toEqual(rows.slice(0, 100).map(({ data }) => data))
  })

  test('a longer dataset starts with the shorter one', () => {
    expect(generateTranscripts({ seed: 1, rows: 40, goldenShare: 0.4 })).toEqual(rows.slice(0, 40))
  })

  test('hardly repeat themselves', () => {
    expect(new Set(said).size / said.length).toBeGreaterThan(0.93)
    expect(new Set(rows.map(({ data }) => JSON.stringify(data))).size).toBe(rows.length)
  })

  test('have each cohort in its share, and each of its intents', () => {
    const weights = COHORTS.reduce((sum, { weight }) => sum + weight, 0)
    for (const { name, weight, intents } of COHORTS) {
      const own = transcripts.filter((_, at) => rows[at]!.cohort === name)
      expect(own.length / rows.length).toBeCloseTo(weight / weights, 2)
      const counts = intents.map(
        ({ intent }) => own.filter(({ expected }) => expected.intent === intent).length,
      )
      expect(Math.min(...counts) / own.length).toBeGreaterThan(0.5 / intents.length)
    }
  })

  test('expect replies whose numbers stand in their knowledge, and whose action belongs to their intent', () => {
    const actions = new Map(COHORTS.flatMap(({ intents }) => intents.map((one) => [one.intent, one.action])))
    for (const { knowledge, expected } of transcripts) {
      const known = new Set(knowledge.map(knowledgeText).join('\n').match(/\d+/g))
      for (const number of expected.reply.match(/\d+/g) ?? []) expect(known).toContain(number)
      expect(expected.action).toBe(actions.get(expected.intent))
      expect(knowledge.length).toBeGreaterThanOrEqual(3)
      expect(knowledge.length).toBeLessThanOrEqual(6)
    }
  })

  test('end with the customer, and often ask before the last message', () => {
    expect(transcripts.every(({ messages }) => messages.at(-1)?.role === 'user')).toBe(true)
    const lengths = new Set(transcripts.map(({ messages }) => messages.length))
    expect([...lengths].toSorted()).toEqual([1, 3, 5])
  })

  test.each([
    ['e-mail addresses', /\S+@\S+\.\w+/, 0.2],
    ['American phones', /\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}/, 0.05],
    ['German phones', /(?:\+49|0171|0049)/, 0.005],
    ['card numbers', /\b(?:\d{4}[ -]?){3}\d{4}\b/, 0.05],
    ['IBANs', /\b(?:DE|ES)\d{2} ?\d{4}/i, 0.02],
    ['street addresses', /\d+ \w+ (?:street|avenue|road|lane|drive)|Calle|straße/i, 0.05],
    ['names', /my name is|Kind regards|Many thanks|Thank you so much|me llamo|mein Name ist/i, 0.05],
  ])('hold %s', (_, pattern, share) => {
    expect(said.filter((text) => pattern.test(text)).length / said.length).toBeGreaterThan(share)
  })

  test('have a split only when asked, by the id alone', () => {
    const golden = transcripts.filter(({ split }) => split === 'golden').length
    expect(golden / rows.length).toBeCloseTo(0.4, 1)
    expect(generateTranscripts({ seed: 1, rows: 10 }).every(({ data }) => !('split' in data))).toBe(true)
  })
})

describe('production traffic', () => {
  const traffic = productionTraffic({ seed: 1, requests: 600 })

  test('is of the same world, and the same for the same seed', () => {
    expect(productionTraffic({ seed: 1, requests: 600 })).toEqual(traffic)
    expect(new Set(traffic.map(({ cohort }) => cohort))).toEqual(new Set(COHORTS.map(({ name }) => name)))
    expect(traffic.every(({ messages, knowledge }) => messages.length > 0 && knowledge.length >= 3)).toBe(
      true,
    )
  })

  test('is no copy of the training rows', () => {
    const known = new Set(transcripts.map(({ messages, knowledge }) => JSON.stringify([messages, knowledge])))
    const copies = traffic.filter(({ messages, knowledge }) =>
      known.has(JSON.stringify([messages, knowledge])),
    )
    expect(copies).toEqual([])
  })
})
