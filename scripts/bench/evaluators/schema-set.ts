import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Json } from '../../../domain/json.ts'
import type { Figure } from '../harness.ts'
import { exactly } from './discrimination.ts'
import { suiteAgreement, type SuiteTest } from './json-suite.ts'
import type { PeerProcess } from './peers.ts'
import { readRows, type LabelledSet } from './sets.ts'

/** Share of the required tests of each draft on which JSONValidation says what the suite says. */
export async function schemaFigures(
  { name, folder }: LabelledSet,
  autoevals: PeerProcess | undefined,
): Promise<Record<string, Figure>> {
  const remotes = JSON.parse(readFileSync(join(folder, 'remotes.json'), 'utf8')) as Record<string, Json>
  const drafts = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const tests = drafts.flatMap((draft) => readRows<SuiteTest>(join(folder, draft.name)))
  const figures: Record<string, Figure> = {}
  for (const [draft, { required, optional }] of Object.entries(suiteAgreement(tests, remotes))) {
    figures[`${name}.${draft}.agreement`] = exactly(required.agreed / required.tests)
    if (optional.tests > 0)
      figures[`${name}.${draft}.optional_agreement`] = exactly(optional.agreed / optional.tests)
    const own = tests.filter((test) => test.draft === draft && !test.optional)
    const peer = await validJson(own, autoevals)
    if (peer !== undefined) figures[`${name}.${draft}.autoevals_validjson.agreement`] = exactly(peer)
  }
  return figures
}

/** The peer takes no remote documents: a test that needs one counts as it answers. */
async function validJson(tests: readonly SuiteTest[], autoevals: PeerProcess | undefined) {
  const scores = await autoevals?.score(
    tests.map(({ schema, data }) => ({ scorer: 'ValidJSON', output: JSON.stringify(data), schema })),
  )
  return scores && scores.filter((score, at) => (score === 1) === tests[at]!.valid).length / tests.length
}
