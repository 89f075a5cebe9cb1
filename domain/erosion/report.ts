import { waiverState, type WaiverState } from '../gates/waiver.ts'
import { idleGates, IDLE_DAYS, IDLE_RUNS, type GateHistory, type IdleGate } from './idle-gates.ts'
import { timelineOf, type VersionRow } from './timeline.ts'
import { waiverTrend, type WaiverTrend, type WeekCount } from './waiver-trend.ts'
import { weakenedBy, type Replacement, type Weakened } from './weakened.ts'

export interface WaiverRow {
  waiverId: string
  stage: string
  gate: string
  reason: string
  author: string
  authorName: string | null
  createdAt: number
  expiresAt: number
  revokedAt: number | null
  /** Verdicts that it let through. */
  used: number
}

export interface ErosionRows {
  workflow: string
  /** At least one. */
  versions: readonly VersionRow[]
  /** The times at which a version was replaced by a weaker one. */
  replacements: readonly Replacement[]
  waivers: readonly WaiverRow[]
  history: GateHistory
  weeks: readonly WeekCount[]
}

export interface ErosionReport {
  workflow: string
  version: string
  at: number
  waivers: { sentence: string; open: WaiverRow[]; ended: (WaiverRow & { state: WaiverState })[] }
  weakened: { sentence: string; changes: Weakened[] }
  idle: { sentence: string; gates: IdleGate[] }
  trend: WaiverTrend
}

/**
 * Gate erosion: the ways in which the gates of a workflow came to mean less. It is computed from what was recorded, so
 * that nobody has to declare it.
 */
export function erosionReport(rows: ErosionRows, now: number): ErosionReport {
  const timeline = timelineOf(rows.versions)
  const current = rows.versions.find(({ version }) => version === timeline.at(-1)!.version)!
  const changes = weakenedBy(rows.replacements, rows.versions, current)
  const gates = idleGates(timeline, rows.history, now)
  return {
    workflow: rows.workflow,
    version: current.version,
    at: now,
    waivers: waiversOf(rows.waivers, now),
    weakened: { sentence: weakenedSentence(changes, rows.versions.length), changes },
    idle: { sentence: idleSentence(gates), gates },
    trend: waiverTrend(rows.weeks, now),
  }
}

function waiversOf(rows: readonly WaiverRow[], now: number): ErosionReport['waivers'] {
  const waivers = rows.map((row) => ({ ...row, state: waiverState(row, now) }))
  const open = waivers.filter(({ state }) => state === 'open')
  const ended = waivers.filter(({ state }) => state !== 'open')
  const places = [...new Set(open.map(({ stage, gate }) => `${gate} of ${stage}`))]
  const used = waivers.reduce((sum, waiver) => sum + waiver.used, 0)
  const lead = open.length === 0 ? 'No gate is waived now' : `Waived now: ${places.join(', ')}`
  return {
    sentence: `${lead}. ${counted(ended.length, 'waiver')} ended before; ${counted(used, 'verdict')} passed by a waiver.`,
    open: open.map(({ state: _, ...waiver }) => waiver),
    ended,
  }
}

function weakenedSentence(changes: readonly Weakened[], versions: number): string {
  if (changes.length === 0) return `No gate got weaker over ${counted(versions, 'version')}.`
  const standing = changes.filter(({ stands }) => stands).length
  const removed = changes.filter(({ what }) => what === 'removed').length
  return `${removed} removed and ${changes.length - removed} loosened over ${counted(versions, 'version')}; ${standing} still ${standing === 1 ? 'stands' : 'stand'}.`
}

function idleSentence(gates: readonly IdleGate[]): string {
  if (gates.length === 0)
    return `Every gate has run in the last ${IDLE_RUNS} runs and in the last ${IDLE_DAYS} days.`
  return `Not run lately: ${gates.map(({ gate, stage }) => `${gate} of ${stage}`).join(', ')}.`
}

function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}
