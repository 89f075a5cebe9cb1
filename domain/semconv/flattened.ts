import { isObject } from '../providers/json-object.ts'
import { isEmpty, listOf, MAX_ITEMS } from './attribute.ts'
import type { Attributes } from './span.ts'

/** Characters of a name: more dots than these hold make no list of any convention. */
const MAX_KEY = 300
const INDEX = /^\d{1,6}$/

/** A nested value. Without a prototype, so that `__proto__` is a name like any other. */
type Node = { [name: string]: Node | unknown }

/**
 * A list that conventions flatten into names: `llm.tools.0.tool.name` is `[{ tool: { name } }]` of `llm.tools`. Indices say
 * an order, not a length: `[7, 10⁶]` are two items. Where the list itself is there, as JSON, that is taken.
 */
export function flattenedList(attributes: Attributes, prefix: string): unknown[] {
  const whole = attributes[prefix]
  if (Object.hasOwn(attributes, prefix) && !isEmpty(whole)) return listOf(whole)
  return itemsOf(unflattened(attributes, prefix))
}

/** What stands below a prefix, by the names below it. */
export function unflattened(attributes: Attributes, prefix: string): Node {
  const root: Node = newNode()
  // Told apart from values of attributes, which are not ours to write to.
  const nodes = new Set<unknown>([root])
  const start = `${prefix}.`
  for (const key of Object.keys(attributes)) {
    if (!key.startsWith(start) || key.length > MAX_KEY || isEmpty(attributes[key])) continue
    const path = key.slice(start.length).split('.')
    const at = nodeAt(root, path.slice(0, -1), nodes)
    if (at) at[path.at(-1)!] ??= attributes[key]
  }
  return root
}

/** The node at a path, made where it is missing. None where a value stands in its way: of `a.b` and `a.b.c`, the first stays. */
function nodeAt(root: Node, path: readonly string[], nodes: Set<unknown>): Node | undefined {
  let at = root
  for (const name of path) {
    if (at[name] === undefined) nodes.add((at[name] = newNode()))
    const below = at[name]
    if (!nodes.has(below)) return undefined
    at = below as Node
  }
  return at
}

function newNode(): Node {
  return Object.create(null) as Node
}

/** The items of a list, or of a node whose names are indices, in their order. */
export function itemsOf(value: unknown): unknown[] {
  if (!isObject(value)) return listOf(value)
  return Object.keys(value)
    .filter((key) => INDEX.test(key))
    .toSorted((a, b) => Number(a) - Number(b))
    .slice(0, MAX_ITEMS)
    .map((key) => value[key])
}
