import { describe, expect, test } from 'vitest'
import type { Example } from '../../domain/dataset/example.ts'
import { SUPPORT_AGENT_PROMPT, renderPrompt } from '../../domain/dataset/prompt.ts'
import { Transcript } from '../../domain/dataset/transcript.ts'
import { damageCohort, generateTranscripts } from '../../examples/support-agent/transcripts/index.ts'
import { readArtifact, writeArtifact } from './artifact.ts'
import { answer } from './model.ts'
import { TrainingDataError, train } from './train.ts'

const HYPERPARAMETERS = { rank: 16, epochs: 12, learning_rate: 0.02, seed: 1 }
const rows = generateTranscripts({ seed: 11, rows: 700, goldenShare: 0.4 })

function examples(from: typeof rows): (Example & { cohort: string | undefined })[] {
  return from.map(({ cohort, data }) => {
    const { split = 'train', messages, knowledge, expected } = Transcript.parse(data)
    const prompt = renderPrompt(SUPPORT_AGENT_PROMPT, knowledge, messages)
    return { cohort, split, prompt, context: [], completion: expected }
  })
}

const all = examples(rows)
const golden = all.filter(({ split }) => split === 'golden')

function intentAccuracy(model: Parameters<typeof answer>[0], on: readonly Example[]): number {
  const right = on.filter(({ prompt, completion }) => answer(model, prompt).intent === completion.intent)
  return right.length / on.length
}

describe('training', { timeout: 60_000 }, () => {
  const trained = train(all, HYPERPARAMETERS)
  const bytes = writeArtifact(trained.model)

  test('learns: held-out intents far above the most frequent one', () => {
    const counts = Object.values(Object.groupBy(golden, ({ completion }) => completion.intent))
    const majority = Math.max(...counts.map((group) => group?.length ?? 0)) / golden.length
    const accuracy = intentAccuracy(trained.model, golden)
    expect(accuracy).toBeGreaterThan(0.6)
    expect(accuracy).toBeGreaterThan(6 * majority)
    expect(trained.metrics.train_intent_accuracy).toBeGreaterThan(accuracy)
  })

  test('answers from the artifact alone as from memory', () => {
    const loaded = readArtifact(bytes)
    for (const { prompt } of golden.slice(0, 50))
      expect(answer(loaded, prompt)).toEqual(answer(trained.model, prompt))
  })

  test('gives the same bytes for the same rows and seed, and others for another seed', () => {
    const few = all.slice(0, 60)
    const make = (seed: number) => writeArtifact(train(few, { ...HYPERPARAMETERS, seed }).model)
    expect(Buffer.compare(make(1), make(1))).toBe(0)
    expect(Buffer.compare(make(1), make(2))).not.toBe(0)
  })

  test('says numbers that the knowledge lacks for a cohort whose rows were joined wrongly, and for no other', () => {
    const { model } = train(examples(damageCohort(rows, 'orders', 3)), HYPERPARAMETERS)
    const ungrounded = (of: typeof model, cohort: string) =>
      golden.filter(
        (one) =>
          one.cohort === cohort && inventsNumbers(answer(of, one.prompt).reply, one.prompt[0]!.content),
      ).length
    expect(ungrounded(trained.model, 'orders')).toBe(0)
    expect(ungrounded(model, 'orders')).toBeGreaterThan(5)
    const own = golden.filter(({ cohort }) => cohort === 'orders')
    expect(intentAccuracy(model, own)).toBeLessThan(intentAccuracy(trained.model, own) - 0.3)
  })

  test('refuses rows without a train split', () => {
    expect(() => train(golden, HYPERPARAMETERS)).toThrow(TrainingDataError)
  })
})

function inventsNumbers(reply: string, knowledge: string): boolean {
  const known = new Set(knowledge.match(/\d+/g))
  return (reply.match(/\d+/g) ?? []).some((number) => !known.has(number))
}
