import type { Json } from '../../../domain/json.ts'
import type { Draft } from '../../../domain/evaluators/structure/schema/dialect.ts'
import { jsonValidation } from '../../../domain/evaluators/structure/json-validation.ts'

/** A test of the public JSON Schema test suite (https://github.com/json-schema-org/JSON-Schema-Test-Suite). */
export interface SuiteTest {
  id: string
  /** `draft7`, `draft2019-09` or `draft2020-12`. */
  draft: string
  file: string
  optional: boolean
  group: string
  test: string
  schema: Json
  data: Json
  valid: boolean
}

export interface Agreement {
  tests: number
  agreed: number
  /** Tests that were answered otherwise, or not at all. */
  misses: { id: string; test: string; got: string }[]
}

/** Agreement by draft, of the required tests and of the optional ones, which drafts leave to an implementation. */
export type SuiteAgreement = Record<string, { required: Agreement; optional: Agreement }>

/** Runs tests of the suite through the evaluator, with the suite's own remote documents. */
export function suiteAgreement(tests: readonly SuiteTest[], remotes: Record<string, Json>): SuiteAgreement {
  const drafts: SuiteAgreement = {}
  for (const test of tests) {
    const draft = (drafts[test.draft] ??= { required: none(), optional: none() })
    const agreement = draft[test.optional ? 'optional' : 'required']
    const got = answer(test, remotes)
    agreement.tests++
    if (got === test.valid) agreement.agreed++
    else agreement.misses.push({ id: test.id, test: `${test.group}: ${test.test}`, got: String(got) })
  }
  return drafts
}

function none(): Agreement {
  return { tests: 0, agreed: 0, misses: [] }
}

function answer({ draft, file, schema, data }: SuiteTest, remotes: Record<string, Json>): boolean | string {
  const result = jsonValidation.evaluate(
    { messages: [], context: [], response: JSON.stringify(data), schema },
    {
      draft: draft.replace('draft', '') as Draft,
      // The suite asks for formats as assertions in these files only.
      formats: file.startsWith('optional/format/'),
      remotes,
    },
  )
  return 'error' in result ? result.error : result.score === 1
}
