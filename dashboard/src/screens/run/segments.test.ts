import { expect, test } from 'vitest'
import type { LogEntry } from '../../api/views.ts'
import { run, stage } from './run.fixture.ts'
import { segmentsOf, timeIn } from './segments.ts'

const log = (...entries: [number, LogEntry['event'], string?][]): LogEntry[] =>
  entries.map(([at, event, ignored = null], index) => ({
    seq: index + 1,
    at,
    dedupeKey: `${index}`,
    event,
    ignored: ignored ?? null,
  }))

test('a stage’s time is split by what it did, and ignored events split nothing', () => {
  const before = stage('features', { status: 'passed', finishedAt: 100 })
  const train = stage('train', { status: 'passed', needs: ['features'], finishedAt: 1000 })
  const events = log(
    [150, { type: 'stage.started', stage: 'train', attempt: 1 }],
    [160, { type: 'stage.started', stage: 'features', attempt: 1 }],
    [200, { type: 'stage.waiting', stage: 'train', attempt: 1, waitingFor: 'the endpoint' }],
    [300, { type: 'stage.produced', stage: 'train', attempt: 0, outputs: {} }, 'superseded'],
    [800, { type: 'stage.resumed', stage: 'train', attempt: 1, cause: 'callback' }],
    [900, { type: 'stage.produced', stage: 'train', attempt: 1, outputs: {} }],
  )
  const segments = segmentsOf(train, run(before, train), events, 5000)
  expect(segments).toEqual([
    { phase: 'queued', from: 100, to: 150 },
    { phase: 'running', from: 150, to: 200 },
    { phase: 'waiting', from: 200, to: 800 },
    { phase: 'running', from: 800, to: 900 },
    { phase: 'gating', from: 900, to: 1000 },
  ])
  expect(timeIn(segments, ['queued', 'waiting'])).toBe(650)
})

test('a live stage goes on until now', () => {
  const train = stage('train', { status: 'running' })
  const events = log([10, { type: 'stage.started', stage: 'train', attempt: 1 }])
  expect(segmentsOf(train, run(train), events, 70).at(-1)).toEqual({ phase: 'running', from: 10, to: 70 })
})

test('a stage whose need failed has no time', () => {
  const before = stage('features', { status: 'failed', finishedAt: 100 })
  const train = stage('train', { status: 'cancelled', needs: ['features'], finishedAt: 100 })
  expect(segmentsOf(train, run(before, train), [], 500)).toEqual([])
})

test('a skipped stage has no time', () => {
  const skipped = stage('translate', {
    status: 'skipped',
    skipped: 'its condition does not hold',
    finishedAt: 9,
  })
  expect(segmentsOf(skipped, run(skipped), [], 1000)).toEqual([])
})

test('the time of a person is waited, not run', () => {
  const gate = { verdict: 'not_run', blocks: true, sentence: '', evidence: null, at: null }
  const gates = ['coverage', 'approval'].map((name) => ({ ...gate, gate: name }))
  const judged = stage('golden', { status: 'passed', gates, finishedAt: 1000 })
  const of = { stage: 'golden', attempt: 1 }
  const verdict = { ...of, verdict: 'passed', blocks: false, sentence: '' } as const
  const events = log(
    [10, { type: 'stage.started', ...of }],
    [20, { type: 'stage.produced', ...of, outputs: {} }],
    [30, { type: 'gate.evaluated', ...verdict, gate: 'coverage' }],
    [990, { type: 'gate.evaluated', ...verdict, gate: 'approval' }],
  )
  const segments = segmentsOf(judged, run(judged), events, 2000)
  expect(segments.map(({ phase, from }) => [phase, from])).toEqual([
    ['queued', 0],
    ['running', 10],
    ['gating', 20],
    ['waiting', 30],
    ['gating', 990],
  ])
})
