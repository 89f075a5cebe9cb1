import type { Json } from '../json.ts'
import type { GateResult } from './verdict.ts'

const DAY_MS = 86_400_000

/** Longest time for which a gate may be waived. After it, whoever still wants to has to say so again. */
export const MAX_WAIVER_DAYS = 14
export const DEFAULT_WAIVER_DAYS = 7

/** A recorded decision to pass a gate that is closed. Times are ms since the epoch. */
export interface Waiver {
  waiverId: string
  /** Id of the key that granted it. */
  author: string
  /** Name of that key, for people. */
  authorName?: string | undefined
  reason: string
  createdAt: number
  expiresAt: number
  revokedAt: number | null
}

export const WAIVER_STATES = ['open', 'expired', 'revoked'] as const
export type WaiverState = (typeof WAIVER_STATES)[number]

export function waiverState(
  { expiresAt, revokedAt }: Pick<Waiver, 'expiresAt' | 'revokedAt'>,
  now: number,
): WaiverState {
  if (revokedAt !== null && revokedAt <= now) return 'revoked'
  return expiresAt <= now ? 'expired' : 'open'
}

/** When a waiver ended or will end. */
export function waiverEnd({ expiresAt, revokedAt }: Pick<Waiver, 'expiresAt' | 'revokedAt'>): number {
  return Math.min(expiresAt, revokedAt ?? Infinity)
}

/** When a waiver that is granted now would expire, or what is wrong with what was asked for. */
export function expiryOf(
  { days, expiresAt }: { days?: number | undefined; expiresAt?: number | undefined },
  now: number,
): { expiresAt: number } | { field: 'days' | 'expiresAt'; fault: string } {
  if (days !== undefined && expiresAt !== undefined)
    return { field: 'days', fault: 'give days or expiresAt, not both' }
  const field = expiresAt === undefined ? 'days' : 'expiresAt'
  const expiry = expiresAt ?? now + (days ?? DEFAULT_WAIVER_DAYS) * DAY_MS
  if (!(expiry > now)) return { field, fault: 'a waiver ends in the future' }
  if (expiry > now + MAX_WAIVER_DAYS * DAY_MS) {
    const fault = `a waiver lasts ${MAX_WAIVER_DAYS} days at most; grant another when it has ended and is still needed`
    return { field, fault }
  }
  return { expiresAt: expiry }
}

export interface WaivedResult extends GateResult {
  blocks: boolean
  /** The waiver that lets the stage through; null when none was needed or none counts. */
  waiverId: string | null
}

/**
 * What a gate's finding comes to, given the waivers for it. The gate was evaluated in any case, and what it found stays
 * in the evidence. A waiver counts while it lives, and when somebody else than the run's author granted it.
 */
export function applyWaiver(
  result: GateResult,
  blocks: boolean,
  waivers: readonly Waiver[],
  runAuthor: string,
  now: number,
): WaivedResult {
  if (!blocks) return { ...result, blocks, waiverId: null }
  const live = waivers.filter((waiver) => waiver.createdAt <= now && waiverState(waiver, now) === 'open')
  const [waiver] = live
    .filter(({ author }) => author !== runAuthor)
    .toSorted((a, b) => b.expiresAt - a.expiresAt || (a.waiverId < b.waiverId ? -1 : 1))
  if (!waiver) {
    const own = live.length > 0 ? `${result.sentence} ${OWN_WAIVER}` : result.sentence
    return { ...result, sentence: own, blocks, waiverId: null }
  }
  const { waiverId, author, authorName, reason, expiresAt } = waiver
  const finding = { verdict: result.verdict, sentence: result.sentence } satisfies Json
  return {
    verdict: 'waived',
    sentence: `Waived by ${authorName ?? author} until ${moment(expiresAt)}: “${reason}”. ${found(result)}`,
    evidence: { ...result.evidence, waived: { ...finding, waiverId, author, reason, expiresAt } },
    blocks: false,
    waiverId,
  }
}

const OWN_WAIVER = 'The waiver of the run’s own author does not count: another person has to grant one.'

function found({ verdict, sentence }: GateResult): string {
  if (verdict === 'not_run')
    return `The gate could not be run, so nobody knows what it would have found: ${sentence}`
  return `The gate found (${verdict}): ${sentence}`
}

/** A moment for people, to the minute, in UTC. */
export function moment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
