import { isScalar } from '../json.ts'
import { KNOWLEDGE, knowledgeText, numberedLines } from './prompt.ts'
import { fillTemplate, placeholdersIn } from './template.ts'

/** A prompt version's text with a request's variables in it. */
export interface RenderedPrompt {
  content: string
  /** The items of knowledge that it holds, each on one line. */
  context: string[]
}
export type Rendering = RenderedPrompt | { problem: string; variable: string | null }

/**
 * Renders a template for one request. A variable is a text, a number, true or false, or a list of these, one a line;
 * `knowledge` is a list of texts, or of `{text}` or `{fields}` as in transcripts, and stands as numbered lines.
 *
 * @param variables as the caller sent them: every one that the template names, and no other
 */
export function renderBoundPrompt(template: string, variables: Readonly<Record<string, unknown>>): Rendering {
  const needed = placeholdersIn(template)
  const missing = needed.filter((name) => !Object.hasOwn(variables, name))
  const needs = needed.length === 0 ? 'it has no variables' : `it needs ${needed.join(', ')}`
  if (missing.length > 0)
    return { problem: `the prompt lacks ${missing.join(', ')}: ${needs}`, variable: missing[0]! }
  const unknown = Object.keys(variables).find((name) => !needed.includes(name))
  if (unknown !== undefined)
    return {
      problem: `the prompt has no variable ${unknown.slice(0, MAX_SHOWN)}: ${needs}`,
      variable: unknown.slice(0, MAX_SHOWN),
    }
  const texts = new Map<string, string>()
  let context: string[] = []
  for (const name of needed) {
    if (name === KNOWLEDGE) {
      const items = knowledgeOf(variables[name])
      if (!items) return { problem: `${name} must be ${KNOWLEDGE_SHAPE}`, variable: name }
      context = items
      texts.set(name, numberedLines(items))
    } else {
      const text = textOf(variables[name])
      if (text === undefined) return { problem: `${name} must be ${VALUE_SHAPE}`, variable: name }
      texts.set(name, text)
    }
  }
  return { content: fillTemplate(template, (name) => texts.get(name)), context }
}

/** Characters of a caller's name that an error repeats. */
const MAX_SHOWN = 64
const VALUE_SHAPE = 'a text, a number, true or false, or a list of these'
const KNOWLEDGE_SHAPE = 'a list of texts, or of {text} or {fields}'

function textOf(value: unknown): string | undefined {
  if (isScalar(value)) return String(value)
  return Array.isArray(value) && value.every(isScalar) ? value.map(String).join('\n') : undefined
}

function knowledgeOf(value: unknown): string[] | undefined {
  const items = typeof value === 'string' ? [value] : value
  if (!Array.isArray(items)) return undefined
  const lines: string[] = []
  for (const item of items) {
    const line = lineOf(item)
    if (line === undefined) return undefined
    lines.push(line)
  }
  return lines
}

function lineOf(item: unknown): string | undefined {
  if (typeof item === 'string') return knowledgeText({ text: item })
  if (typeof item !== 'object' || item === null) return undefined
  const { text, fields } = item as { text?: unknown; fields?: unknown }
  if (isFields(fields)) return knowledgeText({ text: '', fields })
  return typeof text === 'string' ? knowledgeText({ text }) : undefined
}

function isFields(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && Object.values(value).every(isScalar)
}
