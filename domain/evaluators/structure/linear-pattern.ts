import { RE2JS } from '@bufbuild/re2'
import type { AST } from '@eslint-community/regexpp'

/** A pattern that runs in linear time whatever the text. */
export interface LinearPattern {
  test(text: string): boolean
}

/**
 * The same pattern for RE2, which has no exponential patterns since it follows all ways at once
 * (R. Cox, "Regular Expression Matching Can Be Simple And Fast", 2007). Undefined where RE2 can't say the same:
 * looking around, back-references, and what it has no words for. Differences between ECMAScript's syntax and RE2's,
 * as of `.` and `\s`, are written out.
 */
export function linearPattern(pattern: AST.Pattern): LinearPattern | undefined {
  const source = ofAlternatives(pattern.alternatives)
  if (source === undefined) return undefined
  try {
    return RE2JS.compile(source)
  } catch {
    return undefined
  }
}

/** White space and line ends of ECMAScript; RE2's own `\s` is ASCII. */
const SPACE = String.raw`\t-\r \x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}`
const NOT_SPACE = String.raw`\x{0}-\x{8}\x{E}-\x{1F}!-\x{9F}\x{A1}-\x{167F}\x{1681}-\x{1FFF}\x{200B}-\x{2027}\x{202A}-\x{202E}\x{2030}-\x{205E}\x{2060}-\x{2FFF}\x{3001}-\x{FEFE}\x{FF00}-\x{10FFFF}`
const ANYTHING = String.raw`\x{0}-\x{10FFFF}`
/** RE2 takes no more rounds. */
const MAX_ROUNDS = 1000

function ofAlternatives(alternatives: readonly AST.Alternative[]): string | undefined {
  const parts = alternatives.map(({ elements }) => joined(elements.map(ofElement), ''))
  const source = joined(parts, '|')
  return source === undefined ? undefined : `(?:${source})`
}

function ofElement(element: AST.Element): string | undefined {
  switch (element.type) {
    case 'Group':
      return element.modifiers ? undefined : ofAlternatives(element.alternatives)
    case 'CapturingGroup':
      return ofAlternatives(element.alternatives)
    case 'Quantifier': {
      const body = ofElement(element.element)
      const { min, max } = element
      if (body === undefined || min > MAX_ROUNDS || (max > MAX_ROUNDS && max !== Infinity)) return undefined
      return `(?:${body}){${min},${max === Infinity ? '' : max}}`
    }
    case 'Assertion':
      if (element.kind === 'start') return String.raw`\A`
      if (element.kind === 'end') return String.raw`\z`
      return element.kind === 'word' ? (element.negate ? String.raw`\B` : String.raw`\b`) : undefined
    case 'Character':
      return ofCharacter(element.value)
    case 'CharacterSet':
      return ofSet(element, (content) => `[${content}]`)
    case 'CharacterClass': {
      if (element.unicodeSets) return undefined
      const content = joined(element.elements.map(ofClassElement), '')
      if (content === undefined) return undefined
      if (content === '') return element.negate ? `[${ANYTHING}]` : `[^${ANYTHING}]`
      return `[${element.negate ? '^' : ''}${content}]`
    }
    default:
      return undefined
  }
}

function ofClassElement(element: AST.ClassRangesCharacterClassElement): string | undefined {
  if (element.type === 'Character') return ofCharacter(element.value)
  if (element.type === 'CharacterSet') return ofSet(element, (content) => content)
  const [min, max] = [ofCharacter(element.min.value), ofCharacter(element.max.value)]
  return min === undefined || max === undefined ? undefined : `${min}-${max}`
}

function ofSet(set: AST.CharacterSet, inClass: (content: string) => string): string | undefined {
  switch (set.kind) {
    case 'any':
      return String.raw`[^\n\r\x{2028}\x{2029}]`
    case 'digit':
      return set.negate ? String.raw`\D` : String.raw`\d`
    case 'word':
      return set.negate ? String.raw`\W` : String.raw`\w`
    case 'space':
      return inClass(set.negate ? NOT_SPACE : SPACE)
    default: {
      const name =
        set.key === 'General_Category' || set.key === 'Script'
          ? set.value
          : set.value === null
            ? set.key
            : null
      return name === null ? undefined : `\\${set.negate ? 'P' : 'p'}{${name}}`
    }
  }
}

/** A character by number, so that none has a meaning of its own; half of a pair is none to RE2. */
function ofCharacter(code: number): string | undefined {
  return code >= 0xd800 && code <= 0xdfff ? undefined : `\\x{${code.toString(16)}}`
}

function joined(parts: readonly (string | undefined)[], separator: string): string | undefined {
  return parts.includes(undefined) ? undefined : parts.join(separator)
}
