import * as z from 'zod'
import { INCIDENT_KINDS } from '../incidents/cause.ts'
import type { Decision } from '../incidents/actions.ts'
import { OCCASIONS, type Occasion } from '../incidents/event.ts'
import { INCIDENT_STATUSES, type IncidentState } from '../incidents/state.ts'
import { plain } from './text.ts'

/** Longest texts, in characters, and lists: a message is to be read, the incident's page has the rest. */
const MAX = { sentence: 1_500, reason: 500, name: 200, url: 1_000, evidence: 3, examples: 5, actions: 10 }
const { sentence, reason, name } = MAX

const Url = z.string().max(MAX.url).nullable()
const Done = z.object({ do: z.string(), target: z.string(), reason: z.string().nullable() })

/** One change of an incident, as people and machines are told of it. Times are in ISO 8601. */
export const IncidentNotice = z.object({
  incidentId: z.string(),
  occasion: z.enum(OCCASIONS),
  /** Of two notices of one incident, the one with the larger revision is the newer. */
  revision: z.number().int(),
  at: z.iso.datetime(),
  project: z.string(),
  route: z.string(),
  routeVersion: z.string(),
  kind: z.enum(INCIDENT_KINDS),
  subject: z.string(),
  status: z.enum(INCIDENT_STATUSES),
  sentence: z.string(),
  openedAt: z.iso.datetime(),
  /** Findings since it was opened, or opened again. */
  badSweeps: z.number().int(),
  /** Who brought it into its status, and why. */
  changedBy: z.object({ actor: z.string(), reason: z.string() }),
  /** Changes that may be behind it, the likeliest first. */
  suspects: z.array(
    z.object({ kind: z.string(), ref: z.string(), at: z.iso.datetime(), probability: z.number() }),
  ),
  /** What earlier sweeps found, newest first. */
  evidence: z.array(z.string()),
  /** The worst first. */
  examples: z.array(z.object({ traceId: z.string(), score: z.number().nullable(), url: Url })),
  /** What Sluice does about it now; with a reason, what it does not. Who is told is left out. */
  actions: z.array(Done),
  url: Url,
})
export type IncidentNotice = z.infer<typeof IncidentNotice>

/** Where people look at things; null where there is no such page. */
export interface Links {
  incident: (incidentId: string) => string | null
  trace: (traceId: string) => string | null
}

/** The one view of an incident that every kind of message is made of. */
export function noticeOf(
  state: IncidentState,
  { occasion, revision, at }: { occasion: Occasion; revision: number; at: number },
  { actions, withheld }: Decision,
  links: Links,
): IncidentNotice {
  const { cause, lastChange, suspicion } = state
  const done = [...actions.map((action) => ({ ...action, reason: null })), ...withheld]
  return {
    incidentId: state.incidentId,
    occasion,
    revision,
    at: iso(at),
    project: plain(cause.project, name),
    route: plain(cause.route, name),
    routeVersion: plain(state.routeVersion, name),
    kind: cause.kind,
    subject: plain(cause.subject, name),
    status: state.status,
    sentence: plain(state.sentence, sentence),
    openedAt: iso(state.openedAt),
    badSweeps: state.badSweeps,
    changedBy: { actor: plain(lastChange.actor, name), reason: plain(lastChange.reason, reason) },
    suspects: (suspicion?.suspects ?? []).map((each) => ({
      kind: each.kind,
      ref: plain(each.ref, name),
      at: iso(each.at),
      probability: each.probability,
    })),
    evidence: state.evidence.kept
      .slice(0, -1)
      .toReversed()
      .slice(0, MAX.evidence)
      .map((found) => plain(found.sentence, reason)),
    examples: state.examples.slice(0, MAX.examples).map(({ traceId, score }) => ({
      traceId: plain(traceId, name),
      score,
      url: webUrl(links.trace(traceId)),
    })),
    actions: done
      .filter((each) => each.do !== 'notify')
      .slice(0, MAX.actions)
      .map((each) => ({
        do: each.do,
        target: plain(each.target, name),
        reason: each.reason === null ? null : plain(each.reason, name),
      })),
    url: webUrl(links.incident(state.incidentId)),
  }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

/** A link as ASCII that a browser opens; null for what is none, and for one that is too long. */
function webUrl(link: string | null): string | null {
  const url = link === null ? null : URL.parse(link)
  if (!url || !['http:', 'https:'].includes(url.protocol)) return null
  return url.href.length > MAX.url ? null : url.href
}
