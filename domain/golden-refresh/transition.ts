import { canonicalJson, contentHash } from '../hash.ts'
import {
  acceptedOf,
  candidateId,
  hashOf,
  type Candidate,
  type Proposal,
  type Review,
  type Source,
} from './candidate.ts'
import type { CandidateEffect, CandidateEvent } from './event.ts'
import { unfit } from './redaction.ts'

/** Sources that a candidate keeps: the oldest, and whichever changed its content. */
export const MAX_SOURCES = 20

/** `ignored` says why an event changed nothing. */
export interface CandidateTransition {
  /** Undefined as long as the call was never proposed. */
  state: Candidate | undefined
  effects: CandidateEffect[]
  ignored?: string
}
type Event<T extends CandidateEvent['type']> = Extract<CandidateEvent, { type: T }>

/**
 * The state machine of one candidate. Only content that was redacted, with nothing left, can be accepted, whether it is
 * the trace's, somebody's correction or what the reviewer typed. Of several reviews of a proposal, the newest counts,
 * in whatever order they come; a correction is another proposal, and is reviewed anew.
 */
export function transition(current: Candidate | undefined, event: CandidateEvent): CandidateTransition {
  const ignore = (ignored: string) => ({ state: current, effects: [], ignored })
  if (event.type === 'proposed' && !current) return propose(event)
  if (!current) return ignore('there is no candidate')
  if (current.includedIn !== null) return ignore(`it is a row of ${current.includedIn}`)
  switch (event.type) {
    case 'proposed':
      return candidateId(event.trace) === current.candidateId
        ? proposeAgain(current, event, ignore)
        : ignore('it is about another call')
    case 'redacted':
      if (current.proposal.redaction || hashOf(current.proposal.content) !== event.of)
        return ignore('the proposal is another one by now')
      return { state: { ...current, proposal: event.to }, effects: [] }
    case 'reviewed':
      return review(current, event.review, ignore)
    case 'included': {
      const accepted = acceptedOf(current)
      if (!accepted) return ignore(`it is ${current.status}`)
      if (hashOf(accepted.content) !== event.hash) return ignore('something else was accepted since')
      return { state: { ...current, includedIn: event.version }, effects: [] }
    }
  }
}

function propose({ trace, content, source, fields = {} }: Event<'proposed'>): CandidateTransition {
  return changed(
    {
      candidateId: candidateId(trace),
      trace: { ...trace },
      sources: [source],
      status: 'pending',
      review: null,
      includedIn: null,
    },
    { ...content, data: { ...content.data, ...fields } },
  )
}

function proposeAgain(
  current: Candidate,
  { source, fields }: Event<'proposed'>,
  ignore: (why: string) => CandidateTransition,
): CandidateTransition {
  const known = current.sources.map(contentHash)
  if (known.includes(contentHash(source))) return ignore('it was proposed for this already')
  const corrected = current.sources.filter(({ kind }) => kind === 'corrected')
  const isNewest = corrected.every(({ at }) => at <= source.at)
  if (!fields || !isNewest) {
    if (current.sources.length >= MAX_SOURCES) return ignore('it has enough reasons')
    return { state: { ...current, sources: oldestFirst([...current.sources, source]) }, effects: [] }
  }
  const { content } = current.proposal
  const sources = oldestFirst([...current.sources.slice(0, MAX_SOURCES - 1), source])
  const anew = { ...current, sources, status: 'pending' as const, review: null }
  return changed(anew, { ...content, data: { ...content.data, ...fields } })
}

/** With content that nobody has redacted or reviewed. */
function changed(candidate: Omit<Candidate, 'proposal'>, content: Proposal['content']): CandidateTransition {
  const of = hashOf(content)
  return {
    state: { ...candidate, proposal: { content, redaction: null } },
    effects: [{ type: 'redact', candidateId: candidate.candidateId, of }],
  }
}

function review(
  current: Candidate,
  review: Review,
  ignore: (why: string) => CandidateTransition,
): CandidateTransition {
  const { decision, reviewer, reason } = review
  if (review.of !== hashOf(current.proposal.content))
    return ignore('it has changed since the reviewer saw it')
  const fault = decision.verdict === 'accepted' ? unfit(current.proposal) : undefined
  const editFault = decision.verdict === 'edited' ? unfit(decision.to) : undefined
  if (fault ?? editFault) return ignore((fault ?? editFault)!)
  if (current.review && !isNewer(review, current.review)) return ignore('there is a newer review')
  const action = `golden.${decision.verdict}` as const
  return {
    state: { ...current, status: decision.verdict, review },
    effects: [{ type: 'audit', action, target: current.candidateId, actor: reviewer, reason }],
  }
}

const STRICTNESS = { accepted: 0, edited: 1, rejected: 2 } as const

/** Of two reviews of one moment the stricter counts, and of two alike always the same one. */
function isNewer(a: Review, b: Review): boolean {
  if (a.at !== b.at) return a.at > b.at
  const strictness = STRICTNESS[a.decision.verdict] - STRICTNESS[b.decision.verdict]
  return strictness === 0 ? canonicalJson(a) > canonicalJson(b) : strictness > 0
}

function oldestFirst(sources: Source[]): Source[] {
  return sources.toSorted((a, b) => a.at - b.at || (canonicalJson(a) < canonicalJson(b) ? -1 : 1))
}
