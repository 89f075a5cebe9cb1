/** A sentence or clause of an answer, and how its context bears it out. */
export interface ClaimShown {
  text: string
  /** In [0, 1]. */
  support: number | null
  verdict: 'supported' | 'unsupported' | 'contradicted' | null
  because: string | null
  /** The part of the context that is nearest to it. */
  window: string | null
  missingNumbers: string[]
  missingEntities: string[]
  missingTerms: string[]
  contradictions: string[]
}

type Fields = Record<string, unknown>

/**
 * The claims that an evaluator judged one by one, as Groundedness (`sentences`) and Faithfulness (`claims`) tell them, and
 * the rest of the evidence. Evidence of another shape stays whole: a newer evaluator may tell it otherwise.
 */
export function claimsOf(evidence: Fields): { claims: ClaimShown[]; rest: Fields } {
  for (const field of ['sentences', 'claims']) {
    const { [field]: raw, ...rest } = evidence
    if (Array.isArray(raw) && raw.length > 0 && raw.every(isClaim)) return { claims: raw.map(shown), rest }
  }
  return { claims: [], rest: evidence }
}

function isClaim(value: unknown): value is Fields & { text: string } {
  return typeof value === 'object' && value !== null && typeof (value as Fields).text === 'string'
}

function shown(claim: Fields & { text: string }): ClaimShown {
  const contradictions = texts(claim.contradictions)
  return {
    text: claim.text,
    support: typeof claim.support === 'number' ? claim.support : null,
    verdict: verdictOf(claim, contradictions),
    because: typeof claim.because === 'string' ? claim.because : null,
    window: windowOf(claim.window),
    missingNumbers: texts(claim.missingNumbers),
    missingEntities: texts(claim.missingEntities),
    missingTerms: texts(claim.missingTerms),
    contradictions,
  }
}

function verdictOf({ verdict }: Fields, contradictions: readonly string[]): ClaimShown['verdict'] {
  if (verdict === 'supported' || verdict === 'unsupported' || verdict === 'contradicted') return verdict
  return contradictions.length > 0 ? 'contradicted' : null
}

function windowOf(window: unknown): string | null {
  const text = (window as Fields | undefined)?.text
  return typeof text === 'string' && text !== '' ? text : null
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}
