import { gateSpec, type GateName } from '../../gates/registry.ts'
import type { Json } from '../../json.ts'
import type { StageDefinition } from '../stage.ts'
import { change, differingLeaves, keysOf, ownOf, type Change } from './change.ts'
import { STRICTNESS, strictnessOf } from './strictness.ts'
import { whyWeaker } from './weaker.ts'

type Params = Record<string, Json>

/** What changed in the gates of a stage that both versions have. Their order says nothing. */
export function gateChanges(stage: string, before: StageDefinition, after: StageDefinition): Change[] {
  const [old, now] = [gatesByName(before), gatesByName(after)]
  return keysOf(old, now).flatMap((gate) => {
    const place = { path: ['stages', stage, 'gates', gate], stage, gate }
    const [from, to] = [ownOf(old, gate), ownOf(now, gate)]
    if (!to) return [change(place, from, undefined, 'what it stopped goes through')]
    if (!from) return [change(place, undefined, to)]
    return differingLeaves(from, to).map((leaf) => {
      // A parameter that nobody has put into the table may be one that keeps something out.
      const strictness = strictnessOf(STRICTNESS[gate as GateName], leaf.path) ?? { stricter: 'either' }
      const at = { ...place, path: [...place.path, ...leaf.path] }
      return change(at, leaf.before, leaf.after, whyWeaker(strictness, leaf.before, leaf.after))
    })
  })
}

/** Parameters by gate, with defaults filled in: a default that is written down changes nothing. */
function gatesByName({ gates }: StageDefinition): Record<string, Params> {
  return Object.fromEntries(
    gates.map(({ gate, params }) => {
      const parsed = gateSpec(gate)?.params.safeParse(params)
      return [gate, parsed?.success ? (parsed.data as Params) : params]
    }),
  )
}
