/**
 * Every finding about a definition, by code. Codes are stable: people search for them and scripts count them. An `error`
 * is refused when the definition is applied, a `warning` is answered with the version that was accepted.
 */
export const FINDINGS = {
  // What is not a definition, or cannot run.
  shape: { severity: 'error', fix: 'Give the field the type that the JSON Schema says (`sluice schema`).' },
  'reserved-name': { severity: 'error', fix: 'Give the stage another name.' },
  'no-owner': { severity: 'error', fix: 'Set `owner` to the team or person who answers for the stage.' },
  'missing-input': {
    severity: 'error',
    fix: 'Give the input a source: `inputs.NAME`, `STAGE.OUTPUT` or a ref.',
  },
  'unknown-input': { severity: 'error', fix: 'Take the input away, or correct its name.' },
  'unknown-source': {
    severity: 'error',
    fix: 'Name a run input, an output of a stage of this workflow, a signal or a ref.',
  },
  'wrong-kind': {
    severity: 'error',
    fix: 'Name a source that gives the kind of thing that the input takes.',
  },
  'unknown-stage': { severity: 'error', fix: 'Name a stage of this workflow, or take the entry away.' },
  'bad-map': { severity: 'error', fix: 'Map a `task` over a list that an input, signal or stage gives.' },
  'bad-cache': { severity: 'error', fix: 'Take `cache` away.' },
  'bad-heartbeat': {
    severity: 'error',
    fix: 'Take `heartbeatSeconds` away; `timeoutSeconds` ends the wait.',
  },
  'bad-outputs': {
    severity: 'error',
    fix: 'Name outputs of `task` and `workflow` stages alone; a mapped one gives values.',
  },
  'bad-role': { severity: 'error', fix: 'Keep what undoes or cleans up outside the usual order of stages.' },
  'bad-params': {
    severity: 'error',
    fix: 'Correct the field under `with`; the kind of the stage says which it has.',
  },
  'unknown-gate': { severity: 'error', fix: 'Name one of the built-in gates.' },
  'misplaced-gate': { severity: 'error', fix: 'Move the gate to a stage of a kind it can judge.' },
  'repeated-gate': { severity: 'error', fix: 'Keep one of the two, with the stricter parameters.' },
  'bad-gate-params': { severity: 'error', fix: 'Correct the parameter of the gate.' },
  'gate-without-threshold': { severity: 'error', fix: 'Say from where on the gate is to close.' },
  cycle: { severity: 'error', fix: 'Take one of the inputs or needs away, so that some stage comes first.' },
  'bad-trigger': {
    severity: 'error',
    fix: 'Correct the trigger: names are unique, and inputs are the workflow’s.',
  },
  // What could run, and must not.
  'no-evaluation': {
    severity: 'error',
    fix: 'Add an `evaluate` stage of the model that is promoted, and give its evaluation to the promotion.',
  },
  'offline-for-online': {
    severity: 'error',
    fix: 'Deploy the model to a route of its own first and let the stage need that, or judge offline scores by `threshold`.',
  },
  'canary-of-other-route': {
    severity: 'error',
    fix: 'Let the `canary` gate name the route that its stage deploys to.',
  },
  // What is unwise.
  'not-in-code': {
    severity: 'warning',
    fix: 'Keep the definition in a git repository and send its commit as `gitSha`.',
  },
  'unevaluated-deploy': {
    severity: 'warning',
    fix: 'Let the deployment need an `evaluate` or a `promote` stage.',
  },
  'few-evaluators': { severity: 'warning', fix: 'Add a `coverage` gate with `minEvaluators` of 2 or more.' },
  'no-threshold': {
    severity: 'warning',
    fix: 'Add a `threshold` gate to the evaluation or to the promotion.',
  },
  'toothless-gate': {
    severity: 'warning',
    fix: 'Set a limit that something could fail, or take the parameter away.',
  },
  'inconclusive-passes': {
    severity: 'warning',
    fix: 'Take `onInconclusive` away: what the data can’t tell then blocks, and says how many rows it would need.',
  },
  'no-regression-gate': { severity: 'warning', fix: 'Add a `no-regression` gate to the promotion.' },
  'no-rollback': { severity: 'warning', fix: 'Add a `rollback-ready` gate to the deployment.' },
  'several-changes': { severity: 'warning', fix: 'Add a `single-change` gate to the deployment.' },
  'no-pii-gate': {
    severity: 'warning',
    fix: 'Let training read what a `clean` stage with a `pii-residual` gate gives.',
  },
  'shared-pool': { severity: 'warning', fix: 'Give training a pool of its own.' },
  'approval-under-lock': {
    severity: 'warning',
    fix: 'Put the `approval` gate on a stage before, which holds no lock.',
  },
  'dead-stage': {
    severity: 'warning',
    fix: 'Read an output of the stage, let a stage need it, or take it away.',
  },
} as const satisfies Record<string, { severity: Severity; fix: string }>

export type Severity = 'error' | 'warning'
export type FindingCode = keyof typeof FINDINGS

/** What is wrong with a definition, where, why, and what to do. */
export interface Finding {
  code: FindingCode
  severity: Severity
  /** The place in the definition, such as `stages.promote.gates`. */
  at: string
  reason: string
  fix: string
}

export function finding(
  code: FindingCode,
  at: string | readonly PropertyKey[],
  reason: string,
  fix: string = FINDINGS[code].fix,
): Finding {
  const place = typeof at === 'string' ? at : at.map(String).join('.') || 'definition'
  return { code, severity: FINDINGS[code].severity, at: place, reason, fix }
}
