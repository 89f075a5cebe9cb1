import type { AST } from '@eslint-community/regexpp'

/** How much work a backtracking engine may have with a pattern on a text of n characters: n^degree · 2^choices. */
export interface PatternCost {
  /** Infinity where the work grows exponentially with the text. */
  degree: number
  choices: number
  /** Characters that it matches, with every repeat written out: an automaton has as many states. */
  size: number
}

interface Cost extends PatternCost {
  /** Degree of what is tried on the way, also by looking around, which is never tried again. */
  peak: number
}

/** More rounds than this count as without bound. */
const FEW_ROUNDS = 10
const NONE: Cost = { degree: 0, choices: 0, peak: 0, size: 0 }

/** An upper bound of the work, from the pattern's syntax alone. */
export function costOf(pattern: AST.Pattern): PatternCost {
  const { degree, choices, peak, size } = costOfAlternatives(pattern.alternatives)
  const anchored = pattern.alternatives.every(
    ({ elements }) => elements[0]?.type === 'Assertion' && elements[0].kind === 'start',
  )
  const most = Math.max(degree, peak)
  // Without ^ the same is tried from every character on.
  return { degree: anchored || most === 0 ? most : most + 1, choices, size }
}

function costOfAlternatives(alternatives: readonly AST.Alternative[]): Cost {
  const costs = alternatives.map(({ elements }) => elements.map(costOfElement).reduce(inSequence, NONE))
  const most = (read: (cost: Cost) => number) => Math.max(0, ...costs.map(read))
  return {
    degree: most(({ degree }) => degree),
    peak: most(({ peak }) => peak),
    choices: toldApart(alternatives)
      ? most(({ choices }) => choices)
      : Math.log2(costs.reduce((sum, { choices }) => sum + 2 ** Math.min(choices, 500), 0)),
    size: costs.reduce((sum, { size }) => sum + size, 0),
  }
}

function inSequence(before: Cost, next: Cost): Cost {
  return {
    degree: before.degree + next.degree,
    choices: before.choices + next.choices,
    peak: Math.max(before.peak, before.degree + next.peak),
    size: before.size + next.size,
  }
}

function costOfElement(element: AST.Element): Cost {
  switch (element.type) {
    case 'Group':
    case 'CapturingGroup':
      return costOfAlternatives(element.alternatives)
    case 'Assertion': {
      if (element.kind !== 'lookahead' && element.kind !== 'lookbehind') return NONE
      const inner = costOfAlternatives(element.alternatives)
      return { ...inner, degree: 0, peak: Math.max(inner.degree, inner.peak) }
    }
    case 'Quantifier':
      return repeated(costOfElement(element.element), element.min, element.max)
    case 'Backreference':
      return { ...NONE, degree: 1, peak: 1, size: 1 }
    default:
      return { ...NONE, size: 1 }
  }
}

function repeated(body: Cost, min: number, max: number): Cost {
  const size = body.size * (max === Infinity ? min + 1 : max)
  if (max <= FEW_ROUNDS) {
    const degree = body.degree * max
    const choices = body.choices * max + Math.log2(max - min + 1)
    return { degree, choices, peak: Math.max(degree, body.peak), size }
  }
  // Each round has one way only where nothing in it can be matched in another way.
  if (body.degree > 0 || body.choices > 0) return { degree: Infinity, choices: 0, peak: Infinity, size }
  if (min === max) return { ...body, size }
  return { degree: 1, choices: 0, peak: 1 + body.peak, size }
}

/** Alternatives that begin with different characters: at most one of them can match. */
function toldApart(alternatives: readonly AST.Alternative[]): boolean {
  const starts = alternatives.map(({ elements: [first] }) =>
    first?.type === 'Character' ? first.value : undefined,
  )
  return !starts.includes(undefined) && new Set(starts).size === starts.length
}
