import { moment } from '../gates/waiver.ts'
import { shortRef } from '../ref.ts'
import { artifactDrift, type Ages, type ArtifactDrift } from './artifact-drift.ts'

/** A run and the refs that it pinned when it started, by the source that names them. */
export interface PinnedRun {
  runId: string
  status: string
  createdAt: number
  pinned: Record<string, string>
}

export interface PinnedInput extends ArtifactDrift {
  source: string
}

export interface RunDrift {
  runId: string
  status: string
  createdAt: number
  inputs: PinnedInput[]
  sentence: string
}

/** What a run pinned, and what has come since. */
export function runDrift({ pinned, ...run }: PinnedRun, ages: Ages, now: number): RunDrift {
  const inputs = Object.entries(pinned).flatMap(([source, ref]) => {
    const age = ages.get(ref)
    return age ? [{ source, ...artifactDrift(age, null, now) }] : []
  })
  const named = inputs.map(({ source, ref }) => `${source} to ${shortRef(ref)}`).join(', ')
  const behind = inputs.filter(({ versionsBehind }) => versionsBehind > 0).map(({ source }) => source)
  const said =
    behind.length > 0 ? `newer versions have come of ${behind.join(', ')}` : 'nothing newer has come'
  return {
    ...run,
    inputs,
    sentence:
      inputs.length === 0
        ? `The run of ${moment(run.createdAt)} pinned nothing.`
        : `The run pinned ${named} at its start, ${moment(run.createdAt)}; since then ${said}.`,
  }
}
