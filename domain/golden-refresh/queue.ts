import type { Candidate, Source } from './candidate.ts'

/** What a person has put work into comes first. */
const RANK: Record<Source['kind'], number> = { corrected: 0, labelled: 1, sampled: 2 }

/** The candidates that a reviewer can decide, in the order in which they are shown: corrected, labelled, sampled; oldest first. */
export function reviewQueue(candidates: readonly Candidate[]): Candidate[] {
  return candidates
    .filter(({ status, proposal }) => status === 'pending' && proposal.redaction !== null)
    .toSorted(
      (a, b) =>
        rankOf(a) - rankOf(b) ||
        a.sources[0]!.at - b.sources[0]!.at ||
        (a.candidateId < b.candidateId ? -1 : Number(a.candidateId > b.candidateId)),
    )
}

function rankOf({ sources }: Candidate): number {
  return Math.min(...sources.map(({ kind }) => RANK[kind]))
}
