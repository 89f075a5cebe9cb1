import type { Tool } from '../../dataset/tool-call.ts'
import type { Json } from '../../json.ts'
import { type Idf, idfOf } from '../text/idf.ts'
import { contentStems, tokenise } from '../text/stems.ts'
import { isObject } from './ast.ts'

/** BM25's usual constants (Robertson and Zaragoza 2009). */
const K1 = 1.2
const B = 0.75
/** How much a stem of a tool's name, of its description and of its parameters says of what it does. */
const NAME_WEIGHT = 3
const DESCRIPTION_WEIGHT = 1
const PARAMETER_WEIGHT = 0.5
/** Stems of one tool, and parameters, that are read. */
const MAX_STEMS = 2000
const MAX_PARAMETERS = 500

/** Characters that are read of a description, of the parameters, and of all tools together. */
const MAX_TEXT_CHARS = 20_000
const MAX_TOOLS_CHARS = 1_000_000

/** How well a tool fits a request by its words. */
export interface Fit {
  /** Against the best of the tools offered: 1 for the best itself. */
  rank: number
  /** On its own: share of what the tool's name and description speak of that the request speaks of too. */
  match: number
}

/**
 * Fit of every tool to a request. `rank` = mean of three measures, each over its best: BM25 of the request in the tool's
 * name, description and parameters (weights 3, 1, 0.5), and the shares by IDF over the tools of the name's and of the
 * description's stems that the request has. `match` = mean of the same two shares, unweighted.
 */
export function fitOfTools(request: string, tools: readonly Tool[]): Fit[] {
  const wanted = new Set(contentStems(tokenise(request)))
  const chars = Math.min(MAX_TEXT_CHARS, MAX_TOOLS_CHARS / tools.length)
  const read = tools.map((tool) => readTool(tool, chars))
  const idf = idfOf(read.map(({ name, description, parameters }) => [...name, ...description, ...parameters]))
  const lengths = read.map(lengthOf)
  const average = mean(lengths) || 1
  const measures = read.map((tool, index) => [
    bm25(wanted, tool, (lengths[index] ?? 0) / average, idf),
    share(tool.name, wanted, idf),
    share(tool.description, wanted, idf),
  ])
  const best = [0, 1, 2].map((one) => Math.max(...measures.map((values) => values[one] ?? 0)))
  return read.map((tool, index) => ({
    rank: mean(best.map((top, one) => (top > 0 ? (measures[index]?.[one] ?? 0) / top : 1))),
    match: mean([share(tool.name, wanted), share(tool.description, wanted)]),
  }))
}

interface ReadTool {
  name: string[]
  description: string[]
  parameters: string[]
}

function readTool({ name, description, parameters }: Tool, chars: number): ReadTool {
  const stems = (text: string) => contentStems(tokenise(text.slice(0, chars))).slice(0, MAX_STEMS)
  return {
    name: [...new Set(stems(wordsOf(name)))],
    description: stems(typeof description === 'string' ? description : ''),
    parameters: stems(parameterWords(parameters).join(' ')),
  }
}

/** The words of a name: `getOrder_status.v2` is `get Order status v2`. */
export function wordsOf(name: string): string {
  return name
    .slice(0, 200)
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
}

/** Names, descriptions and listed values of parameters, those inside of others too. */
function parameterWords(schema: Record<string, Json> | undefined): string[] {
  const words: string[] = []
  const stack: (Json | undefined)[] = [schema]
  for (
    let top = stack.pop(), seen = 0;
    top !== undefined && seen < MAX_PARAMETERS;
    top = stack.pop(), seen++
  ) {
    if (!isObject(top)) continue
    if (isObject(top.properties))
      for (const [name, one] of Object.entries(top.properties)) {
        words.push(wordsOf(name))
        if (isObject(one) && typeof one.description === 'string') words.push(one.description.slice(0, 2000))
        stack.push(one)
      }
    if (Array.isArray(top.enum))
      words.push(
        ...top.enum
          .slice(0, 100)
          .filter((value) => typeof value === 'string')
          .map(wordsOf),
      )
    if (top.items !== undefined) stack.push(top.items)
  }
  return words
}

function lengthOf({ name, description, parameters }: ReadTool): number {
  return (
    NAME_WEIGHT * name.length + DESCRIPTION_WEIGHT * description.length + PARAMETER_WEIGHT * parameters.length
  )
}

function bm25(wanted: ReadonlySet<string>, tool: ReadTool, relativeLength: number, idf: Idf): number {
  const counts = new Map<string, number>()
  const count = (list: readonly string[], weight: number) => {
    for (const stem of list) if (wanted.has(stem)) counts.set(stem, (counts.get(stem) ?? 0) + weight)
  }
  count(tool.name, NAME_WEIGHT)
  count(tool.description, DESCRIPTION_WEIGHT)
  count(tool.parameters, PARAMETER_WEIGHT)
  let score = 0
  for (const [stem, frequency] of counts)
    score += (idf.weight(stem) * frequency * (K1 + 1)) / (frequency + K1 * (1 - B + B * relativeLength))
  return score
}

function share(list: readonly string[], wanted: ReadonlySet<string>, idf?: Idf): number {
  let sum = 0
  let met = 0
  for (const stem of new Set(list)) {
    const weight = idf?.weight(stem) ?? 1
    sum += weight
    if (wanted.has(stem)) met += weight
  }
  return sum === 0 ? 0 : met / sum
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
