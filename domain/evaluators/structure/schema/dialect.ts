import { UnusableSchema } from './problem.ts'

/** Drafts of JSON Schema that are applied. Draft 6 is read as draft 7, of which it is a part. */
export const DRAFTS = ['7', '2019-09', '2020-12'] as const
export type Draft = (typeof DRAFTS)[number]

/** Groups of keywords that a metaschema of one's own may leave out (`$vocabulary`). */
export type Vocabulary = 'core' | 'applicator' | 'unevaluated' | 'validation' | 'format'

export interface Dialect {
  draft: Draft
  vocabularies: ReadonlySet<Vocabulary>
  /** `format` decides, as the vocabulary "format-assertion" asks; otherwise it is an annotation. */
  assertsFormats: boolean
}

/** Dialect of a draft's own metaschema. */
export function dialectOf(draft: Draft): Dialect {
  return DIALECTS[draft]
}

/** The draft that a `$schema` names; undefined for a metaschema that is no draft's own. */
export function draftOf(metaschema: string): Draft | undefined {
  const known = /^https?:\/\/json-schema\.org\/(?:draft-0?([0-9]+)|draft\/([0-9-]+))\/schema#?$/.exec(
    metaschema,
  )
  const name = known?.[1] ?? known?.[2]
  if (name === undefined) return undefined
  const draft = name === '6' ? '7' : DRAFTS.find((one) => one === name)
  if (!draft) throw new UnusableSchema(`it is written in draft ${name}: ${DRAFTS.join(', ')} are known`)
  return draft
}

/** Dialect of a metaschema of one's own, by the vocabularies it lists (core 2020-12, 8.1.2). */
export function customDialect(vocabularies: Readonly<Record<string, unknown>>, fallback: Draft): Dialect {
  const uris = Object.keys(vocabularies)
  const draft = DRAFTS.find((one) => uris.some((uri) => uri.includes(`/draft/${one}/`))) ?? fallback
  const names = uris.map((uri) => uri.slice(uri.lastIndexOf('/') + 1))
  const unknown = uris.find((uri, index) => vocabularies[uri] === true && !KNOWN.has(names[index] ?? ''))
  if (unknown !== undefined)
    throw new UnusableSchema(`its metaschema needs a vocabulary that is unknown: ${unknown}`)
  return {
    draft,
    vocabularies: new Set<Vocabulary>(
      names.flatMap((name): Vocabulary[] => {
        // 2019-09 has the unevaluated keywords among its applicators.
        if (name === 'applicator') return draft === '2019-09' ? [name, 'unevaluated'] : [name]
        if (name.startsWith('format')) return ['format']
        return name === 'core' || name === 'unevaluated' || name === 'validation' ? [name] : []
      }),
    ),
    assertsFormats: names.includes('format-assertion'),
  }
}

const KNOWN = new Set([
  'core',
  'applicator',
  'unevaluated',
  'validation',
  'meta-data',
  'format',
  'format-annotation',
  'format-assertion',
  'content',
])

const ALL: ReadonlySet<Vocabulary> = new Set(['core', 'applicator', 'unevaluated', 'validation', 'format'])
const DIALECTS: Record<Draft, Dialect> = {
  '7': { draft: '7', vocabularies: ALL, assertsFormats: false },
  '2019-09': { draft: '2019-09', vocabularies: ALL, assertsFormats: false },
  '2020-12': { draft: '2020-12', vocabularies: ALL, assertsFormats: false },
}
