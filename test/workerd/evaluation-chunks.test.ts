import { runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { EvaluationChunks } from '../../durable-objects/evaluation-chunks.ts'
import { evaluationRuns } from './evaluation-fixture.ts'

const result = { rows: 2, reused: 0, costUsd: 0, scores: [], copyRates: [], answered: ['aa', 'bb'] }
const work = { shardKey: 'k', from: 0, to: 2 }

/** The chunks of an object of their own. */
function withChunks(name: string, count: number, check: (chunks: EvaluationChunks) => void): Promise<void> {
  return runInDurableObject(evaluationRuns.getByName(name), (_object, state) => {
    const chunks = new EvaluationChunks(state.storage.sql)
    chunks.add(Array.from({ length: count }, () => work))
    check(chunks)
  })
}

test('chunks of which nothing was heard are sent before new ones, and no more than are asked for', () =>
  withChunks('order', 6, (chunks) => {
    expect(chunks.due(1_000, 2)).toEqual([0, 1])
    chunks.sent([0, 1], 1_000)
    expect(chunks.out(1_000)).toBe(2)
    expect(chunks.due(1_000, 2)).toEqual([2, 3])
    // A quarter of a minute later both were heard nothing of.
    expect(chunks.due(17_000, 3)).toEqual([0, 1, 2])
    expect(chunks.out(17_000)).toBe(0)
  }))

test('a chunk has one worker at a time, whose signs of life keep it', () =>
  withChunks('lease', 1, (chunks) => {
    expect(chunks.take(0, 1_000)).toEqual(work)
    expect(chunks.take(0, 2_000)).toBeUndefined()
    chunks.extend(0, 10_000)
    expect(chunks.take(0, 20_000)).toBeUndefined()
    expect(chunks.take(0, 30_000)).toEqual(work)
  }))

test('a chunk that fails is free at once, and sent again later each time', () =>
  withChunks('failing', 1, (chunks) => {
    chunks.take(0, 1_000)
    chunks.failed(0, 1_000)
    expect(chunks.due(15_000, 1)).toEqual([])
    expect(chunks.due(16_000, 1)).toEqual([0])
    chunks.failed(0, 16_000)
    expect(chunks.due(45_000, 1)).toEqual([])
    expect(chunks.due(46_000, 1)).toEqual([0])
    expect(chunks.take(0, 46_000)).toEqual(work)
  }))

test('the first result counts, and what it answered is found by row', () =>
  withChunks('results', 2, (chunks) => {
    expect(chunks.finish(0, result)).toBe(true)
    expect(chunks.finish(0, { ...result, rows: 99 })).toBe(false)
    expect(chunks.take(0, 1_000)).toBeUndefined()
    expect([...chunks.results()].map(({ rows }) => rows)).toEqual([2])
    expect(chunks.chunksOf(['aa', 'zz'])).toEqual({ aa: 0 })
    expect(chunks.planned()).toEqual({ chunks: 2, rows: 4 })
  }))
