import type { ASTNode } from '@marcbachmann/cel-js'
import { linearRegex } from '../text-match/linear-regex.ts'

const MACROS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'filter', 'map'])
/** CEL's standard functions and those of its strings extension that neither join nor repeat: no text outgrows its row. */
const FUNCTIONS: ReadonlySet<string> = new Set(
  `bool contains double dyn endsWith has indexOf int lastIndexOf lowerAscii matches size split startsWith string substring
trim type uint upperAscii`
    .split(/\s+/)
    .concat([...MACROS]),
)

/** An expression with its names, and with calls in it that count rounds and match in linear time; or what is wrong with it. */
export type Guarded = { source: string; names: string[] } | { problem: string }

/**
 * Goes through an expression that was parsed. Refuses functions that are not on the list and patterns that are no literal;
 * writes `nextRound() ?` before what a macro asks of each item, and `matchesLinear` in place of `matches`: the library
 * lets nobody replace its own functions.
 */
export function guard(ast: ASTNode, expression: string): Guarded {
  const names = new Set<string>()
  const edits: Edit[] = []
  const stack: unknown[] = [ast]
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (Array.isArray(top)) stack.push(...top)
    if (!isNode(top)) continue
    if (top.op === 'id') names.add(String(top.args))
    else if (top.op === 'call' || top.op === 'rcall') {
      const problem = guardCall(top, expression, edits)
      if (problem !== undefined) return { problem }
    }
    if (typeof top.args === 'object' && top.args !== null) stack.push(top.args)
  }
  return { source: apply(edits, expression), names: [...names].toSorted() }
}

interface Edit {
  at: number
  /** How many characters are replaced. */
  length: number
  text: string
}

function guardCall(node: ASTNode, expression: string, edits: Edit[]): string | undefined {
  const [name, receiver, given] = node.args as [string, ASTNode | ASTNode[], ASTNode[] | undefined]
  if (!FUNCTIONS.has(name)) return `calls ${name}, which is none of ${[...FUNCTIONS].join(', ')}`
  if (node.op !== 'rcall' || Array.isArray(receiver) || !given) return undefined
  if (MACROS.has(name)) return guardMacro(name, node, given, expression, edits)
  return name === 'matches' ? guardMatches(receiver, given, expression, edits) : undefined
}

/** Nodes say where they stand without the brackets around them: the comma and the closing bracket are sure places. */
function guardMacro(
  name: string,
  node: ASTNode,
  given: readonly ASTNode[],
  expression: string,
  edits: Edit[],
): string | undefined {
  const [item, asked] = given
  if (!item || !asked || given.length !== 2)
    return `calls ${name} with ${given.length} arguments in place of two: a name, and what is asked of it`
  const between = expression.slice(item.end, asked.start)
  if (between.includes('//') || expression[node.end - 1] !== ')')
    return `has a comment inside a call of ${name}`
  edits.push(
    {
      at: item.end + between.indexOf(',') + 1,
      length: 0,
      text: name === 'map' ? ' inRound(' : ' nextRound() ? (',
    },
    // A line end, in case that a comment goes before.
    { at: node.end - 1, length: 0, text: name === 'map' ? '\n)' : '\n) : false' },
  )
  return undefined
}

function guardMatches(
  receiver: ASTNode,
  [pattern]: readonly ASTNode[],
  expression: string,
  edits: Edit[],
): string | undefined {
  if (pattern?.op !== 'value' || typeof pattern.args !== 'string')
    return 'calls matches with a pattern that is no literal text'
  const regex = linearRegex(pattern.args)
  if ('problem' in regex) return `has a pattern that ${regex.problem}: ${pattern.args.slice(0, 100)}`
  const between = expression.slice(receiver.end, pattern.start)
  if (between.includes('//')) return 'has a comment inside a call of matches'
  const at = receiver.end + between.lastIndexOf('matches')
  edits.push({ at, length: 'matches'.length, text: 'matchesLinear' })
  return undefined
}

/** Applies edits from the end on; no two are at one place. */
function apply(edits: readonly Edit[], expression: string): string {
  return edits
    .toSorted((a, b) => b.at - a.at)
    .reduce(
      (source, { at, length, text }) => source.slice(0, at) + text + source.slice(at + length),
      expression,
    )
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value
}

/** What CEL says is wrong, without its drawing of the place. */
export function messageOf(cause: unknown): string {
  if (typeof cause === 'object' && cause !== null && 'summary' in cause && typeof cause.summary === 'string')
    return cause.summary
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? ''
}
