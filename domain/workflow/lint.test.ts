import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { FINDINGS, type FindingCode } from './lint/finding.ts'
import { inspect } from './lint.ts'
import { drafted, SOUND } from './sound.fixture.ts'

type Case = [code: FindingCode, at: string, reason: RegExp, change: Parameters<typeof drafted>[0]]

const task = (inputs = {}) => ({
  kind: 'task',
  owner: 'x',
  inputs,
  outputs: { made: 'value' },
  with: { endpoint: 'e' },
})

const CASES: Case[] = [
  [
    'shape',
    'stages.train.timeoutSeconds',
    /expected number/,
    (w) => (w.stages.train.timeoutSeconds = 'soon'),
  ],
  [
    'shape',
    'stages.clean.inputs.dataset',
    /must be inputs\.NAME/,
    (w) => (w.stages.clean.inputs.dataset = '?'),
  ],
  ['shape', 'definition', /Unrecognized key: "owner"/, (w) => (w.owner = 'x')],
  ['reserved-name', 'stages.signals.kind', /no name for a stage/, (w) => (w.stages.signals = task())],
  ['no-owner', 'stages.train.owner', /needs an owner/, (w) => delete w.stages.train.owner],
  ['no-owner', 'stages.train.owner', /needs an owner/, (w) => (w.stages.train.owner = '')],
  ['no-owner', 'stages.train.owner', /nobody answers/, (w) => (w.stages.train.owner = '  ')],
  [
    'missing-input',
    'stages.train.inputs.dataset',
    /needs the input dataset/,
    (w) => (w.stages.train.inputs = {}),
  ],
  [
    'unknown-input',
    'stages.train.inputs.rows',
    /no input rows/,
    (w) => (w.stages.train.inputs.rows = 'inputs.rows'),
  ],
  [
    'unknown-source',
    'stages.train.inputs.dataset',
    /nothing produces features\.rows/,
    (w) => (w.stages.train.inputs.dataset = 'features.rows'),
  ],
  ['unknown-source', 'outputs.model', /nothing produces/, (w) => (w.outputs = { model: 'train.modle' })],
  [
    'unknown-source',
    'stages.train.when.source',
    /nothing/,
    (w) => (w.stages.train.when = { source: 'a.b', is: 'present' }),
  ],
  [
    'wrong-kind',
    'stages.train.inputs.dataset',
    /is a prompt/,
    (w) => (w.stages.train.inputs.dataset = 'inputs.prompt'),
  ],
  ['unknown-stage', 'stages.train.needs', /no stage cleaning/, (w) => (w.stages.train.needs = ['cleaning'])],
  ['bad-map', 'stages.train.map', /only a task/, (w) => (w.stages.train.map = { over: 'signals.list' })],
  ['bad-cache', 'stages.deploy.cache', /cannot be taken over/, (w) => (w.stages.deploy.cache = true)],
  [
    'bad-cache',
    'stages.make.cache',
    /what a failed run undoes/,
    (w) => Object.assign(w.stages, { make: { ...task(), cache: true, rollback: 'undo' }, undo: task() }),
  ],
  [
    'bad-heartbeat',
    'stages.evaluate.heartbeatSeconds',
    /nobody gives signs of life for a evaluate stage/,
    (w) => (w.stages.evaluate.heartbeatSeconds = 60),
  ],
  [
    'bad-outputs',
    'stages.train.outputs',
    /gives model/,
    (w) => (w.stages.train.outputs = { model: 'model' }),
  ],
  ...['items', 'failed', 'results'].map((name): Case => [
    'bad-outputs',
    `stages.each.outputs.${name}`,
    new RegExp(`gives ${name} by itself`),
    (w) => (w.stages.each = { ...task(), outputs: { [name]: 'value' }, map: { over: 'signals.list' } }),
  ]),
  ['bad-role', 'stages.train.rollback', /cannot undo itself/, (w) => (w.stages.train.rollback = 'train')],
  ['bad-params', 'stages.train.with.endpoint', /expected string/, (w) => delete w.stages.train.with.endpoint],
  [
    'unknown-gate',
    'stages.train.gates.0.gate',
    /no gate luck/,
    (w) => (w.stages.train.gates = [{ gate: 'luck' }]),
  ],
  [
    'misplaced-gate',
    'stages.train.gates.0.gate',
    /belongs on/,
    (w) => (w.stages.train.gates = [{ gate: 'single-change' }]),
  ],
  [
    'repeated-gate',
    'stages.clean.gates',
    /stands twice/,
    (w) => w.stages.clean.gates.push({ gate: 'pii-residual' }),
  ],
  [
    'bad-gate-params',
    'stages.clean.gates.1.params.maxAgeDays',
    /Too small/,
    (w) => (w.stages.clean.gates[1].params.maxAgeDays = -1),
  ],
  [
    'gate-without-threshold',
    'stages.clean.gates.1.params.maxAgeDays',
    /expected number/,
    (w) => (w.stages.clean.gates[1].params = {}),
  ],
  [
    'gate-without-threshold',
    'stages.evaluate.gates.1.params.metrics',
    /needs a threshold/,
    (w) => (w.stages.evaluate.gates[1].params.metrics = {}),
  ],
  ['cycle', 'stages', /clean → train → features → clean|clean → /, (w) => (w.stages.clean.needs = ['train'])],
  ['bad-trigger', 'triggers.1.name', /two triggers nightly/, (w) => w.triggers.push(w.triggers[0])],
  [
    'no-evaluation',
    'stages.promote.inputs.evaluation',
    /waits for no evaluation/,
    (w) => {
      delete w.stages.evaluate
      delete w.stages.promote.inputs.evaluation
      delete w.stages.monitor
    },
  ],
  [
    'no-evaluation',
    'stages.promote.inputs.evaluation',
    /claim\.evaluation is not what an evaluate stage gave/,
    (w) => {
      w.stages.claim = { ...task({ model: 'train.model' }), outputs: { evaluation: 'evaluation' } }
      w.stages.promote.inputs.evaluation = 'claim.evaluation'
    },
  ],
  [
    'no-evaluation',
    'stages.promote.inputs.evaluation',
    /evaluates inputs\.other, but train\.model is promoted/,
    (w) => {
      w.inputs.other = { kind: 'model' }
      w.stages.evaluate.inputs.model = 'inputs.other'
    },
  ],
  [
    'unevaluated-deploy',
    'stages.deploy.needs',
    /no evaluate stage/,
    (w) => {
      delete w.stages.promote
      w.stages.deploy.inputs.model = 'train.model'
    },
  ],
  ['few-evaluators', 'stages.evaluate.gates', /no coverage gate/, (w) => w.stages.evaluate.gates.shift()],
  [
    'few-evaluators',
    'stages.evaluate.gates.0.params.minEvaluators',
    /1 evaluator is enough/,
    (w) => (w.stages.evaluate.gates[0].params.minEvaluators = 1),
  ],
  [
    'no-threshold',
    'stages.promote.gates',
    /threshold that scores must reach/,
    (w) => w.stages.evaluate.gates.pop(),
  ],
  [
    'toothless-gate',
    'stages.evaluate.gates.1.params.metrics.Groundedness.overall',
    /nothing fails threshold at metrics\.Groundedness\.overall 0/,
    (w) => (w.stages.evaluate.gates[1].params.metrics.Groundedness.overall = 0),
  ],
  [
    'toothless-gate',
    'stages.promote.gates.0.params.margin',
    /nothing fails no-regression at margin 1/,
    (w) => (w.stages.promote.gates[0].params.margin = 1),
  ],
  [
    'inconclusive-passes',
    'stages.promote.gates.0.params.onInconclusive',
    /with too few rows, no-regression lets everything through/,
    (w) => (w.stages.promote.gates[0].params.onInconclusive = 'pass'),
  ],
  [
    'no-regression-gate',
    'stages.promote.gates',
    /compares the candidate/,
    (w) => (w.stages.promote.gates = []),
  ],
  ['no-rollback', 'stages.deploy.gates', /version before still answers/, (w) => w.stages.deploy.gates.pop()],
  ['several-changes', 'stages.deploy.gates', /change at once/, (w) => w.stages.deploy.gates.shift()],
  ['no-pii-gate', 'stages.train.inputs.dataset', /pii-residual/, (w) => w.stages.clean.gates.shift()],
  [
    'offline-for-online',
    'stages.promote.gates.1',
    /online asks for scores of production traffic/,
    (w) => w.stages.promote.gates.push({ gate: 'online' }),
  ],
  [
    'approval-under-lock',
    'stages.deploy.gates.2',
    /holds the gate lock/,
    (w) => w.stages.deploy.gates.push({ gate: 'approval' }),
  ],
  [
    'canary-of-other-route',
    'stages.deploy.gates.2.params.route',
    /canary of support is judged by the traffic of suport/,
    (w) => w.stages.deploy.gates.push({ gate: 'canary', params: { route: 'suport' } }),
  ],
  [
    'shared-pool',
    'stages.train.pool',
    /gpus, on which deploy serves/,
    (w) => (w.stages.deploy.pool = 'gpus'),
  ],
  ['dead-stage', 'stages.aside', /nobody reads/, (w) => (w.stages.aside = task({ model: 'train.model' }))],
]

test('a workflow that does all it should has no findings', () => {
  expect(inspect(SOUND).findings).toEqual([])
  expect(inspect({ $schema: 'urn:sluice:schema:workflow', ...SOUND }).definition).toEqual(
    inspect(SOUND).definition,
  )
})

test.for(CASES)('%s is found at %s', ([code, at, reason, change]) => {
  const { definition, findings } = inspect(drafted(change))
  const found = findings.filter((each) => each.code === code && each.at === at)
  expect(findings.map((each) => `${each.code} ${each.at}`)).toContain(`${code} ${at}`)
  expect(found[0]!.reason).toMatch(reason)
  expect(found[0]!.fix).toBe(FINDINGS[code].fix)
  expect(definition === undefined).toBe(findings.some(({ severity }) => severity === 'error'))
})

test('every code is found somewhere', () => {
  const found = new Set(CASES.map(([code]) => code))
  // A definition does not know whether it is kept in git: the API finds that.
  expect(Object.keys(FINDINGS).filter((code) => !found.has(code as FindingCode))).toEqual(['not-in-code'])
})

test('nothing makes the lint stumble: not JSON of any shape, nor a definition with parts taken out or mixed up', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (draft) => {
      expect(inspect(draft).definition).toBeUndefined()
    }),
  )
  const paths = pathsOf(SOUND)
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('inputs.rows', 'train.model', 'promote.model', 'constructor.name', 'toString', undefined),
  )
  const edits = fc.array(fc.tuple(fc.constantFrom(...paths), value), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(edits, (changes) => {
      const draft = drafted((w) => changes.forEach(([path, put]) => putAt(w, path, put)))
      const { definition, findings } = inspect(draft)
      for (const { at, reason, fix } of findings)
        for (const text of [at, reason, fix]) expect(text).not.toBe('')
      expect(definition === undefined).toBe(findings.some(({ severity }) => severity === 'error'))
    }),
    { numRuns: 500 },
  )
})

function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path]
  return [
    ...(path.length > 0 ? [path] : []),
    ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key])),
  ]
}

function putAt(draft: unknown, path: readonly string[], value: unknown): void {
  const holder = path
    .slice(0, -1)
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown>)?.[key], draft)
  if (typeof holder !== 'object' || holder === null) return
  if (value === undefined) delete (holder as Record<string, unknown>)[path.at(-1)!]
  else (holder as Record<string, unknown>)[path.at(-1)!] = value
}
