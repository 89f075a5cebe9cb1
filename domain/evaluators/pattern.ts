/** Longest regular expression taken from a schema. */
const MAX_PATTERN = 500
/** With several unbounded repeats a pattern may take quadratic time: then the text must be short. */
const MAX_TEXT_FOR_REPEATS = 20_000

interface Group {
  /** Holds a repeat without a small upper bound. */
  repeats: boolean
  /** Holds a mark, such as `-` or `\.`, that must appear once a round and so tells the rounds apart. */
  separated: boolean
  /** First characters of its alternatives. */
  starts: string[]
  fresh: boolean
}

/**
 * Why a schema's regular expression may not run here, or undefined. JavaScript's engine backtracks, and a Worker can't
 * stop it: a repeat inside a repeated group (`(a+)+`), or repeated alternatives that may match the same text (`(\w|\d)+`),
 * takes exponential time. Groups whose rounds are told apart by a mark (`(-[a-z]+)*`) pass. Errs on the side of refusing.
 */
export function patternProblem(pattern: string, textLength: number): string | undefined {
  if (pattern.length > MAX_PATTERN) return `is longer than ${MAX_PATTERN} characters`
  const groups: Group[] = [newGroup()]
  let unbounded = 0
  for (let i = 0; i < pattern.length;) {
    const group = groups.at(-1) ?? newGroup()
    const char = pattern[i] ?? ''
    if (char === '(') {
      const opening = /^\((?:\?(?:[:=!]|<[=!]|<[A-Za-z_]\w*>))?/.exec(pattern.slice(i, i + 60))?.[0] ?? '('
      if (group.fresh) group.starts.push('(')
      group.fresh = false
      groups.push(newGroup())
      i += opening.length
      continue
    }
    if (char === '|') {
      group.fresh = true
      group.separated = false
      i++
      continue
    }
    const closed = char === ')' && groups.length > 1 ? groups.pop() : undefined
    const outer = groups.at(-1) ?? group
    const atom = closed ? ')' : atomAt(pattern, i)
    const quantifier =
      /^(?:[*+?]|\{\d*,?\d*\})[?+]?/.exec(pattern.slice(i + atom.length, i + atom.length + 12))?.[0] ?? ''
    if (!closed && outer.fresh) {
      outer.starts.push(atom.length > 1 && atom !== '\\.' ? '*' : atom)
      outer.fresh = false
    }
    if (repeatsFreely(quantifier)) {
      unbounded++
      if (closed && ((closed.repeats && !closed.separated) || overlapping(closed.starts)))
        return 'could run for ever'
      outer.repeats = true
    } else {
      if (closed) outer.repeats ||= closed.repeats
      if (quantifier === '' && /^(?:\\?[-/:@,;#_ ]|\\\.|\\s)$/.test(atom)) outer.separated = true
    }
    i += atom.length + quantifier.length
  }
  if (unbounded > 1 && textLength > MAX_TEXT_FOR_REPEATS) {
    return `repeats without bound, which is only tried on responses of up to ${MAX_TEXT_FOR_REPEATS} characters`
  }
  return undefined
}

function newGroup(): Group {
  return { repeats: false, separated: false, starts: [], fresh: true }
}

/** One character, escape or class. A plain `.` is anything, so it never separates. */
function atomAt(pattern: string, at: number): string {
  if (pattern[at] === '\\')
    return (
      /^\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u....|x..|k<[^>]*>|.)?/s.exec(pattern.slice(at, at + 60))?.[0] ?? '\\'
    )
  if (pattern[at] === '[') {
    let end = at + 1
    while (end < pattern.length && pattern[end] !== ']') end += pattern[end] === '\\' ? 2 : 1
    return pattern.slice(at, end + 1)
  }
  return pattern[at] === '.' ? '.' : (pattern[at] ?? '')
}

/** `*`, `+`, `{n,}`, or more than ten rounds. */
function repeatsFreely(quantifier: string): boolean {
  if (/^[*+]/.test(quantifier)) return true
  const bounds = /^\{(\d*)(,?)(\d*)\}/.exec(quantifier)
  if (!bounds) return false
  const most = bounds[2] === '' ? Number(bounds[1]) : bounds[3] === '' ? Infinity : Number(bounds[3])
  return most > 10
}

/** Alternatives that could begin with the same character. */
function overlapping(starts: readonly string[]): boolean {
  return (
    starts.length > 1 &&
    (new Set(starts).size < starts.length ||
      starts.some((start) => start === '*' || start === '.' || start === '('))
  )
}
