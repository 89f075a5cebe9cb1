import type { Meter } from './meter.ts'

/** Properties and items that a schema, or one applied in its place, has looked at: what `unevaluated…` leaves out. */
export interface Seen {
  properties: Set<string>
  allProperties: boolean
  /** Items before this one. */
  itemsTo: number
  items: Set<number>
}

export function nothingSeen(): Seen {
  return { properties: new Set(), allProperties: false, itemsTo: 0, items: new Set() }
}

export function addSeen(into: Seen, other: Seen, meter: Meter): void {
  meter.spend((other.properties.size + other.items.size) / 10)
  for (const name of other.properties) into.properties.add(name)
  for (const index of other.items) into.items.add(index)
  into.allProperties ||= other.allProperties
  into.itemsTo = Math.max(into.itemsTo, other.itemsTo)
}
