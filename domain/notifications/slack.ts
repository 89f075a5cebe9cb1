import type { IncidentNotice } from './incident-notice.ts'
import { slackLink, slackText } from './slack-text.ts'
import { actionWords, suspectWords, titleOf } from './words.ts'

/**
 * Characters and items that Slack takes; one more, and it refuses the message.
 * @see https://docs.slack.dev/reference/block-kit/blocks
 */
export const SLACK_LIMITS = {
  header: 150,
  text: 3_000,
  field: 2_000,
  fields: 10,
  blocks: 50,
  fallback: 4_000,
}

type Plain = { type: 'plain_text'; text: string; emoji: false }
/** `verbatim`: no link, channel or person is made of what merely looks like one. */
type Markup = { type: 'mrkdwn'; text: string; verbatim: true }
export type SlackBlock =
  | { type: 'header'; text: Plain }
  | { type: 'section'; text: Plain | Markup }
  | { type: 'section'; fields: Markup[] }
  | { type: 'context'; elements: Markup[] }

/** A message for a Slack incoming webhook, or whatever takes the same. `text` is for notifications and screen readers. */
export interface SlackMessage {
  text: string
  blocks: SlackBlock[]
}

/** An incident as a Slack message. Links stand in the text: buttons ask for an app that answers when they are pressed. */
export function slackPayload(notice: IncidentNotice): SlackMessage {
  const title = titleOf(notice)
  const blocks: SlackBlock[] = [
    { type: 'header', text: plainText(title, SLACK_LIMITS.header) },
    { type: 'section', text: plainText(notice.sentence || title, SLACK_LIMITS.text) },
    { type: 'section', fields: fieldsOf(notice) },
  ]
  const list = (label: string, items: readonly string[]) => {
    if (items.length > 0) blocks.push({ type: 'section', text: markup(listed(label, items)) })
  }
  list(
    'Most likely behind it',
    notice.suspects.map((suspect) => slackText(suspectWords(suspect), 500)),
  )
  list(
    'Actions',
    notice.actions.map((action) => slackText(actionWords(action), 500)),
  )
  list(
    'Examples',
    notice.examples.map(({ traceId, score, url }) => {
      const label = url === null ? slackText(traceId, 100) : slackLink(url, traceId)
      return score === null ? label : `${label} (${score.toFixed(3)})`
    }),
  )
  const end =
    notice.url === null ? slackText(notice.incidentId, 100) : slackLink(notice.url, 'Open the incident')
  blocks.push({ type: 'context', elements: [markup(end)] })
  return { text: slackText(`${title}: ${notice.sentence}`, SLACK_LIMITS.fallback), blocks }
}

function fieldsOf(notice: IncidentNotice): Markup[] {
  const { route, project, routeVersion, subject, status, changedBy, openedAt, badSweeps } = notice
  const fields = {
    Route: `${project}/${route}`,
    Version: routeVersion,
    About: subject,
    Status: `${status} by ${changedBy.actor}: ${changedBy.reason}`,
    'Open since': openedAt,
    Findings: String(badSweeps),
  }
  return Object.entries(fields).map(([label, value]) =>
    markup(`*${label}*\n${slackText(value, SLACK_LIMITS.field - label.length - 3)}`),
  )
}

/** As many items as fit whole: each is escaped already, and a link cut in half is none. */
function listed(label: string, items: readonly string[]): string {
  let text = `*${label}*`
  for (const item of items) {
    const longer = `${text}\n• ${item}`
    if (longer.length > SLACK_LIMITS.text) return text
    text = longer
  }
  return text
}

function plainText(text: string, max: number): Plain {
  return { type: 'plain_text', text: slackText(text, max), emoji: false }
}

function markup(text: string): Markup {
  return { type: 'mrkdwn', text, verbatim: true }
}
