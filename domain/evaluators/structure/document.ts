import { parseJson } from '../answer.ts'

/** One JSON document read strictly, with what a parser would pass over in silence. */
export type ReadDocument =
  | {
      value: unknown
      /** Pointers to members whose name stood before in the same object (RFC 8259, 4: receivers differ). */
      duplicates: string[]
      /** Numbers that a double can't hold at all, such as 1e400. */
      unreadable: WrittenNumber[]
      /** Whole numbers that a double holds only rounded. */
      rounded: WrittenNumber[]
    }
  | { problem: string }

export interface WrittenNumber {
  path: string
  /** As it stands in the text, cut to 60 characters. */
  written: string
}

/** Findings of one kind that are listed. */
const MAX_FINDINGS = 20

/** Reads a JSON document (RFC 8259). Bounded in size and depth before it is parsed. */
export function readDocument(text: string): ReadDocument {
  const parsed = parseJson(text)
  if ('problem' in parsed) return { problem: plainProblem(text) ?? parsed.problem }
  return { value: parsed.value, ...scan(text) }
}

/** What people and models do most often instead of JSON; undefined leaves it to the parser's own words. */
function plainProblem(text: string): string | undefined {
  const start = text.trimStart()
  if (text.startsWith('\uFEFF')) return 'it begins with a byte order mark (U+FEFF)'
  if (start === '') return 'it is empty'
  if (start.startsWith('```')) return 'it is wrapped in a Markdown fence'
  if (start.startsWith('//') || start.startsWith('/*')) return 'it begins with a comment'
  if (/^-?(?:NaN|Infinity)\b/.test(start)) return 'NaN and Infinity are no JSON'
  return undefined
}

interface Container {
  /** Names so far, of an object; undefined in an array. */
  names: Set<string> | undefined
  /** Token of what comes next: the name, or the index. */
  token: string | number
}

/** A second look at a text that is known to be JSON: names and numbers as they are written. */
function scan(text: string) {
  const found = {
    duplicates: [] as string[],
    unreadable: [] as WrittenNumber[],
    rounded: [] as WrittenNumber[],
  }
  const open: Container[] = []
  const path = () =>
    open.map(({ token }) => `/${String(token).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
  const tokens = /["{}[\],]|-?\d[\d.eE+-]*/g
  for (let match = tokens.exec(text); match; match = tokens.exec(text)) {
    const [token] = match
    const top = open.at(-1)
    if (token === '{') open.push({ names: new Set(), token: '' })
    else if (token === '[') open.push({ names: undefined, token: 0 })
    else if (token === '}' || token === ']') open.pop()
    else if (token === ',') {
      if (top && typeof top.token === 'number') top.token++
    } else if (token === '"') {
      const end = endOfString(text, tokens.lastIndex)
      const written = text.slice(tokens.lastIndex - 1, end)
      tokens.lastIndex = end
      if (!top?.names || !isName(text, end)) continue
      const name = String(JSON.parse(written))
      top.token = name
      if (!top.names.has(name)) top.names.add(name)
      else if (found.duplicates.length < MAX_FINDINGS) found.duplicates.push(path())
    } else {
      const kind = fidelity(token)
      if (kind && found[kind].length < MAX_FINDINGS)
        found[kind].push({ path: path(), written: token.slice(0, 60) })
    }
  }
  return found
}

/** The place behind the closing quote. */
function endOfString(text: string, from: number): number {
  let at = text.indexOf('"', from)
  for (;;) {
    let slashes = 0
    while (text[at - 1 - slashes] === '\\' && at - slashes > from) slashes++
    if (slashes % 2 === 0) return at + 1
    at = text.indexOf('"', at + 1)
  }
}

function isName(text: string, end: number): boolean {
  let at = end
  while (' \t\n\r'.includes(text[at] ?? '.')) at++
  return text[at] === ':'
}

function fidelity(written: string): 'unreadable' | 'rounded' | undefined {
  // The shortest that no double holds is 1e309.
  if (written.length < 5) return undefined
  const value = Number(written)
  if (!Number.isFinite(value)) return 'unreadable'
  if (value === 0) return /[1-9]/.test(written.split(/e/i)[0] ?? '') ? 'unreadable' : undefined
  if (Number.isSafeInteger(value) || !/^-?\d+$/.test(written)) return undefined
  // What a double prints again is what it was written from, as most writers of JSON do.
  return String(value) === written || BigInt(value) === BigInt(written) ? undefined : 'rounded'
}
