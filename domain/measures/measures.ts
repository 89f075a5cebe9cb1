/** A measure with what it was counted from; `value` is null where there is nothing to count, never 0 or 100%. */
export interface Measure {
  value: number | null
  unit: 'ms' | 'share' | 'per_week' | 'evaluators'
  numerator: number
  denominator: number
  /** What the numbers mean, in a sentence. */
  definition: string
}

export interface RunFacts {
  runId: string
  status: string
  /** Start of the first stage and end of the deploy stage, in ms; null where it has none. */
  ingestStartedAt: number | null
  deployedAt: number | null
}

/** Median time from the start of ingestion to the end of deployment, over the runs that deployed. */
export function endToEndTime(runs: readonly RunFacts[]): Measure {
  const times = runs.flatMap(({ ingestStartedAt, deployedAt }) =>
    ingestStartedAt !== null && deployedAt !== null ? [deployedAt - ingestStartedAt] : [],
  )
  const sorted = times.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return {
    value: sorted.length === 0 ? null : (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2,
    unit: 'ms',
    numerator: times.length,
    denominator: runs.length,
    definition: 'Median time from the start of ingestion to the end of deployment, over runs that deployed.',
  }
}

/** Share of gate verdicts that were `passed`, over all or one stage. Waived and inconclusive ones are not passed. */
export function gatePassRate(verdicts: readonly { verdict: string }[]): Measure {
  const passed = verdicts.filter(({ verdict }) => verdict === 'passed').length
  return share(
    passed,
    verdicts.length,
    'Share of gate verdicts that are passed; waived and inconclusive ones are not.',
  )
}

export interface DeploymentFacts {
  /** The deployed version resolves to a dataset version, a code SHA and a finished evaluation. */
  dataset: boolean
  codeSha: boolean
  scores: boolean
}

/** Share of deployed versions that can be traced to their dataset version, code SHA and scores. */
export function lineageCompleteness(deployments: readonly DeploymentFacts[]): Measure {
  const complete = deployments.filter(({ dataset, codeSha, scores }) => dataset && codeSha && scores).length
  return share(
    complete,
    deployments.length,
    'Share of deployed versions that trace to dataset version, code SHA and scores.',
  )
}

/**
 * Share of stage runs that gave the same artifacts when they were executed again with the same kind, parameters, code
 * and inputs. Only stage runs that were executed more than once count.
 */
export function rerunReproducibility(groups: readonly (readonly string[])[]): Measure {
  const repeated = groups.filter((outputs) => outputs.length > 1)
  const same = repeated.filter((outputs) => outputs.every((output) => output === outputs[0])).length
  return share(
    same,
    repeated.length,
    'Share of stage runs, executed again with equal inputs, that gave equal artifacts.',
  )
}

const WEEK_MS = 7 * 86_400_000

/** Deployments a week over the window; rollbacks are not deployments. */
export function deployCadence(deployedAt: readonly number[], from: number, to: number): Measure {
  const count = deployedAt.filter((at) => at >= from && at < to).length
  const weeks = Math.max(1, (to - from) / WEEK_MS)
  return {
    value: count / weeks,
    unit: 'per_week',
    numerator: count,
    denominator: weeks,
    definition: 'Deployments a week; a window of less than a week counts as one.',
  }
}

/** Fewest distinct evaluators that any offline evaluation had. Below 2 is usually too thin. */
export function evaluatorCoverage(evaluatorsOfEach: readonly (readonly string[])[]): Measure {
  const counts = evaluatorsOfEach.map((evaluators) => new Set(evaluators).size)
  return {
    value: counts.length === 0 ? null : Math.min(...counts),
    unit: 'evaluators',
    numerator: counts.length,
    denominator: counts.length,
    definition: 'Fewest distinct evaluators attached to an evaluation stage.',
  }
}

function share(numerator: number, denominator: number, definition: string): Measure {
  return {
    value: denominator === 0 ? null : numerator / denominator,
    unit: 'share',
    numerator,
    denominator,
    definition,
  }
}
