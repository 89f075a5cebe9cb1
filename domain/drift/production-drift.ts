import { moment } from '../gates/waiver.ts'
import { shortRef } from '../ref.ts'
import { artifactDrift, days, type Ages, type ArtifactDrift } from './artifact-drift.ts'
import { runDrift, type PinnedRun, type RunDrift } from './run-drift.ts'

/** What a route serves, or an alias points at. */
export interface ProductionRow {
  /** The name of a route, or the ref of an alias. */
  place: string
  version: string
  model: string
  since: number
  /** Everything that the model was made from, directly or not, and the prompt that it is asked with. */
  builtOn: readonly string[]
  run: PinnedRun | null
}

export interface ProductionDrift {
  place: string
  version: string
  model: string
  since: number
  run: RunDrift | null
  builtOn: ArtifactDrift[]
  drifts: boolean
  sentence: string
}

/** How far what production uses is behind what there is by now. */
export function productionDrift(row: ProductionRow, ages: Ages, now: number): ProductionDrift {
  const builtOn = row.builtOn.flatMap((ref) => {
    const age = ages.get(ref)
    return age ? [artifactDrift(age, null, now)] : []
  })
  const behind = builtOn.filter(({ drifts }) => drifts)
  const { place, version, model, since } = row
  const verb = place.includes(':') ? 'points at' : 'serves'
  const stands = `${place} ${verb} ${shortRef(model)} since ${moment(since)}`
  const missing = behind.map(
    ({ ref, versionsBehind, behindDays }) =>
      `${shortRef(ref)}, of which there ${versionsBehind === 1 ? 'is 1 newer version' : `are ${versionsBehind} newer versions`} since ${days(behindDays!)}`,
  )
  return {
    place,
    version,
    model,
    since,
    run: row.run && runDrift(row.run, ages, now),
    builtOn,
    drifts: behind.length > 0,
    sentence:
      builtOn.length === 0
        ? `${stands}; what it was built on is not known.`
        : `${stands}, built on ${missing.length > 0 ? missing.join('; ') : 'the newest of everything'}.`,
  }
}
