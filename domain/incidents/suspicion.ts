import type { Attribution, ChangeKind } from '../monitoring/attribution.ts'

/** A change that may be behind an incident. */
export interface Suspect {
  kind: ChangeKind
  /** What it changed to. */
  ref: string
  /** In ms since the epoch. */
  at: number
  /** That this change is behind it, or one that scores cannot tell from it: 0 to 1. */
  probability: number
}

/** What is most likely behind an incident. */
export interface Suspicion {
  /** Likeliest first; empty where nothing that is recorded changed. */
  suspects: Suspect[]
  /** Probability of something that is not recorded: a provider's change, or the traffic's. */
  unknown: number
  sentence: string
}

/** Suspects that an incident keeps. */
const MAX_SUSPECTS = 5

export function suspicionOf({ causes, unknown, sentence }: Attribution): Suspicion {
  const suspects = causes.flatMap(({ changes, probability }) =>
    changes.map(({ kind, ref, at }): Suspect => ({ kind, ref, at, probability })),
  )
  return { suspects: suspects.slice(0, MAX_SUSPECTS), unknown, sentence }
}

/** What was changed is likelier behind it than what was not, so that going back may put it right. */
export function isLikelyAChange(suspicion: Suspicion | null): boolean {
  return suspicion !== null && suspicion.suspects.length > 0 && suspicion.unknown < 0.5
}
