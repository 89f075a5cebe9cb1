import * as z from 'zod'
import { contentHash } from '../hash.ts'
import { OCCASIONS, type Occasion } from '../incidents/event.ts'
import { jsonBytes } from '../json.ts'
import { IncidentNotice } from './incident-notice.ts'

/** "It's recommended to keep the size of payloads small, usually smaller than 20kb". */
export const MAX_PAYLOAD_BYTES = 20_000

export const INCIDENT_TYPES = OCCASIONS.map((occasion) => `incident.${occasion}` as const)

/**
 * The body of a webhook about an incident, by the Standard Webhooks specification 1.0.0: a hierarchical `type`, the time
 * of the event (not of the attempt to deliver it), and its data.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#payload-structure
 */
export const IncidentMessage = z.object({
  type: z.enum(INCIDENT_TYPES),
  timestamp: z.iso.datetime(),
  data: IncidentNotice,
})
export type IncidentMessage = z.infer<typeof IncidentMessage>

/**
 * The `webhook-id`: of the event, so the same for each attempt and each replay, and a receiver that has it already can
 * tell. It holds no full stop, which would be one of the signed content.
 */
export function messageId(incidentId: string, occasion: Occasion, revision: number): string {
  return `msg_${contentHash([incidentId, occasion, revision]).slice(0, 32)}`
}

/** The message, with less of what can be looked up where it would be too large. */
export function webhookPayload(notice: IncidentNotice): IncidentMessage {
  const message = { type: `incident.${notice.occasion}` as const, timestamp: notice.at, data: notice }
  for (const list of ['evidence', 'examples', 'actions', 'suspects'] as const) {
    if (jsonBytes(message) <= MAX_PAYLOAD_BYTES) break
    message.data = { ...message.data, [list]: [] }
  }
  return message
}
