/** `{{name}}`; spaces inside the braces are allowed. */
const PLACEHOLDER = /\{\{[ \t]*([A-Za-z_][A-Za-z0-9_.-]{0,63})[ \t]*\}\}/g

/** Names that a template has placeholders for, each once, in the order in which they stand. */
export function placeholdersIn(template: string): string[] {
  return [...new Set([...template.matchAll(PLACEHOLDER)].map(([, name]) => name!))]
}

/**
 * The template with values in the place of its placeholders, in one pass: what a value holds is never read as a
 * placeholder. One without a value (undefined) stays as it is.
 */
export function fillTemplate(template: string, valueOf: (name: string) => string | undefined): string {
  return template.replace(PLACEHOLDER, (placeholder, name: string) => valueOf(name) ?? placeholder)
}

/** What is wrong with a template: double braces around what is no name, such as logic of a template language. */
export function templateProblem(template: string): string | undefined {
  const rest = template.replace(PLACEHOLDER, '')
  const at = rest.indexOf('{{')
  if (at === -1) return undefined
  const [line = ''] = rest.slice(at, at + 40).split('\n')
  return `${line} is no placeholder: write {{name}}, a name of letters, digits, _ . and -; there is no logic in templates`
}
