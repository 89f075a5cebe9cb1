import { shortRef } from '../ref.ts'

const DAY_MS = 86_400_000

/** An artifact version, and what came after it under the same name. Times are ms since the epoch. */
export interface ArtifactAge {
  ref: string
  createdAt: number
  newer: { count: number; firstAt: number; newest: string } | null
}

/** Artifacts whose age is known, by ref. */
export type Ages = ReadonlyMap<string, ArtifactAge>

/** What a `freshness` gate demands of a stage's inputs. */
export interface FreshnessLimit {
  maxAgeDays: number
  allowOlderVersion: boolean
}

export interface ArtifactDrift {
  ref: string
  createdAt: number
  ageDays: number
  /** Oldest that it may be; null where no gate says. */
  limitDays: number | null
  /** How much older it is than that; 0 when it is not. */
  overDays: number
  versionsBehind: number
  /** Since when there is a newer version, and how many days that is. */
  behindSince: number | null
  behindDays: number | null
  newest: string | null
  /** Older than its limit, or than a newer version where nothing allows that. */
  drifts: boolean
  sentence: string
}

/** How far an artifact is from what a limit and the newer versions ask for. */
export function artifactDrift(
  { ref, createdAt, newer }: ArtifactAge,
  limit: FreshnessLimit | null,
  now: number,
): ArtifactDrift {
  const ageDays = (now - createdAt) / DAY_MS
  const limitDays = limit?.maxAgeDays ?? null
  const overDays = limitDays === null ? 0 : Math.max(0, ageDays - limitDays)
  const isBehind = newer !== null
  const behindDays = isBehind ? (now - newer.firstAt) / DAY_MS : null
  const allowed = limit?.allowOlderVersion === true
  const parts = [
    overDays > 0 && `${days(ageDays)} old, ${days(overDays)} over its limit of ${days(limitDays!)}`,
    isBehind &&
      `${versions(newer.count)} behind ${shortRef(newer.newest)} since ${days(behindDays!)}${allowed ? ', which its gate allows' : ''}`,
  ].filter((part) => part !== false)
  return {
    ref,
    createdAt,
    ageDays,
    limitDays,
    overDays,
    versionsBehind: newer?.count ?? 0,
    behindSince: newer?.firstAt ?? null,
    behindDays,
    newest: newer?.newest ?? null,
    drifts: overDays > 0 || (isBehind && !allowed),
    sentence: `${shortRef(ref)} is ${parts.length > 0 ? parts.join(', and ') : 'the newest of its name'}.`,
  }
}

export function days(n: number): string {
  return `${Number.isInteger(n) ? n : n.toFixed(1)} ${n === 1 ? 'day' : 'days'}`
}

function versions(n: number): string {
  return `${n} ${n === 1 ? 'version' : 'versions'}`
}
