/** What Slack reads as markup in any text. https://docs.slack.dev/messaging/formatting-message-text#escaping */
const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/**
 * Text for Slack: `&`, `<` and `>` escaped, in at most `max` characters as Slack counts them, which is with the escapes.
 * Neither an escape nor a pair is cut in half; an ellipsis stands for what was cut. Nobody's cohort can notify a channel.
 */
export function slackText(text: string, max: number): string {
  let escaped = ''
  let fits = ''
  for (const character of text.toWellFormed()) {
    escaped += ESCAPES[character] ?? character
    if (escaped.length > max) return `${fits}…`
    if (escaped.length < max) fits = escaped
  }
  return escaped
}

/** A link with a label. `url` is absolute, and has no `<` or `>` since it was parsed; `|` would end it. */
export function slackLink(url: string, label: string): string {
  return `<${url.replaceAll('&', '&amp;').replaceAll('|', '%7C')}|${slackText(label, 100).replaceAll('|', '/')}>`
}
