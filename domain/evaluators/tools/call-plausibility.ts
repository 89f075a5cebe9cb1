import type { Tool, ToolCall } from '../../dataset/tool-call.ts'
import type { EvaluatorInput } from '../evaluator.ts'
import { MAX_SOURCE_CHARS } from '../limits.ts'
import { isObject } from './ast.ts'
import { type Said, groundedValue, saidOf } from './grounding.ts'
import { type SchemaCheck, checkArguments } from './schema.ts'

/** What a call that breaks the tool's schema keeps at most: it can't be carried out as it stands. */
const INVALID_KEEPS = 0.25

/** What can be said of a call's arguments without knowing the right ones. */
export interface Plausibility {
  /** 1 when the schema has nothing against the arguments, else a quarter of the share that it accepts. */
  validity: number
  /** Mean of the mean and the least share of the arguments' values that were said; 1 where that can't be told. */
  grounding: number
  check: SchemaCheck
  /** Arguments of which less than half was said. */
  ungrounded: string[]
}

export function plausibilityOf(call: ToolCall, tool: Tool, said: Said): Plausibility {
  const check = checkArguments(call, tool)
  const schemas = isObject(tool.parameters?.properties) ? tool.parameters.properties : {}
  const shares = Object.entries(call.arguments).flatMap(([name, value]) => {
    const share = groundedValue(value, Object.hasOwn(schemas, name) ? schemas[name] : undefined, said)
    return share === undefined ? [] : [{ name, share }]
  })
  const mean = shares.reduce((sum, { share }) => sum + share, 0) / shares.length
  return {
    validity: check.validity === 1 ? 1 : INVALID_KEEPS * check.validity,
    grounding: shares.length === 0 ? 1 : (mean + Math.min(...shares.map(({ share }) => share))) / 2,
    check,
    ungrounded: shares.filter(({ share }) => share < 0.5).map(({ name }) => name),
  }
}

/** Everything that was said before the call, by whomever, and the records that the model was given. */
export function saidInInput({ messages, context }: EvaluatorInput): Said {
  const texts = [...(Array.isArray(context) ? context : []), ...messages.map(({ content }) => content)]
  let left = MAX_SOURCE_CHARS
  const kept = texts
    .toReversed()
    .map((text) => {
      const part = text.slice(0, Math.max(0, left))
      left -= part.length
      return part
    })
    .toReversed()
  return saidOf(kept)
}

/** What is wrong with the arguments, in words; undefined when nothing is. */
export function objection(
  name: string,
  { check: { missing, unknown, refused, validity }, ungrounded }: Plausibility,
): string | undefined {
  const parts = [
    ...(missing.length > 0 ? [`lacks ${shown(missing)}`] : []),
    ...(unknown.length > 0 ? [`has no argument ${shown(unknown)}`] : []),
    ...(refused.length > 0 ? [`has a value that the schema refuses in ${shown(refused)}`] : []),
    ...(validity < 1 && missing.length + unknown.length + refused.length === 0
      ? ['breaks the tool’s schema']
      : []),
    ...(ungrounded.length > 0 ? [`has a value that nobody mentioned in ${shown(ungrounded)}`] : []),
  ]
  return parts.length > 0 ? `${name.slice(0, 100)} ${parts.join(', ')}` : undefined
}

function shown(names: readonly string[]): string {
  return names
    .slice(0, 5)
    .map((name) => name.slice(0, 100))
    .join(', ')
}
