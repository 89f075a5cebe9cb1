/** A trace: its mean score, in [0, 1], and what is known of it. */
export interface ScoredTrace {
  score: number
  /** Short values: a language, a tool, a customer's tier, a bin of the length. */
  attributes: Readonly<Record<string, string>>
}

export interface Condition {
  attribute: string
  value: string
}

/** Traces that meet one condition, or two of different attributes. */
export interface Slice {
  conditions: Condition[]
  /** Indices of its traces, ascending. */
  members: Uint32Array
}

export interface SliceLimits {
  /** A slice has as many traces, and leaves as many out. */
  minTraces: number
  /** Conditions that are looked at, those of most traces first: their pairs grow with the square. */
  maxConditions: number
}

/**
 * Slices with enough support, single conditions first. Which ones there are depends on attributes alone, never on scores,
 * so that a test over them need not answer for the choice. The same traces are never two slices: of conditions that
 * always go together the first is kept, and a pair that says no more than one of its conditions is left out.
 */
export function slicesOf(traces: readonly ScoredTrace[], { minTraces, maxConditions }: SliceLimits): Slice[] {
  const most = traces.length - minTraces
  const singles = singleSlices(traces)
    .filter(({ members }) => members.length >= minTraces && members.length <= most)
    .toSorted((a, b) => b.members.length - a.members.length)
    .slice(0, maxConditions)
  const pairs = singles.flatMap((a, place) =>
    singles.slice(place + 1).flatMap((b): Slice[] => {
      if (a.conditions[0]!.attribute === b.conditions[0]!.attribute) return []
      const members = common(a.members, b.members)
      const isOneOfThem = members.length === a.members.length || members.length === b.members.length
      if (members.length < minTraces || isOneOfThem) return []
      return [{ conditions: [...a.conditions, ...b.conditions], members }]
    }),
  )
  const distinct = new Map<string, Slice>()
  for (const slice of [...singles, ...pairs]) {
    const key = slice.members.join()
    if (!distinct.has(key)) distinct.set(key, slice)
  }
  return [...distinct.values()]
}

function singleSlices(traces: readonly ScoredTrace[]): Slice[] {
  const found = new Map<string, { condition: Condition; members: number[] }>()
  for (const [index, { attributes }] of traces.entries()) {
    for (const [attribute, value] of Object.entries(attributes)) {
      const key = JSON.stringify([attribute, value])
      const slice = found.get(key) ?? { condition: { attribute, value }, members: [] }
      found.set(key, slice)
      slice.members.push(index)
    }
  }
  return [...found]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { condition, members }]) => ({
      conditions: [condition],
      members: Uint32Array.from(members),
    }))
}

/** What two ascending lists have in common. */
function common(a: Uint32Array, b: Uint32Array): Uint32Array {
  const both: number[] = []
  let place = 0
  for (const index of a) {
    while (place < b.length && b[place]! < index) place += 1
    if (b[place] === index) both.push(index)
  }
  return Uint32Array.from(both)
}
