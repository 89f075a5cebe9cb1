import { Profiler } from '../../domain/dataset/profile.ts'
import { contentHash } from '../../domain/hash.ts'
import type { Json } from '../../domain/json.ts'
import type { DatasetRow } from '../../domain/dataset/row.ts'
import { parseRef } from '../../domain/ref.ts'
import { addCounts, redactionStatement } from '../../domain/redaction/attestation.ts'
import { canaryRecall } from '../../domain/redaction/canaries.ts'
import { countKinds, type KindCounts } from '../../domain/redaction/kinds.ts'
import { REDACTOR } from '../../domain/redaction/redact.ts'
import { RESIDUAL_DETECTOR, residualFindings, type ResidualFinding } from '../../domain/redaction/residual.ts'
import { redactRow } from '../../domain/redaction/row.ts'
import type { Env } from '../env.ts'
import { lineage } from '../lineage/db.ts'
import { attestations } from '../lineage/schema.ts'
import { DatasetWriter, datasetManifest, readDataset } from '../registry/datasets.ts'
import { inputOf, madeBy, type StageExecutor } from './executor.ts'

/** Of the planted synthetic PII: fixed, so that two attestations of one redactor version agree. */
const CANARY_SEED = 1
const PROGRESS_ROWS = 100

/**
 * Redacts PII and looks for what is left by other means. Rows in which something is left are set aside, named in a
 * dataset of their own without their content; the others go on, and an attestation says what was done to them.
 */
export const clean: StageExecutor<'clean'> = {
  async execute(env, job) {
    const source = inputOf(job, 'dataset')
    const manifest = await datasetManifest(lineage(env.LINEAGE), job.run.project, source)
    const writer = new DatasetWriter(env, job.run.project, job.params.name)
    const aside = new DatasetWriter(env, job.run.project, `${job.params.name}-quarantine`)
    const profiler = new Profiler(() => true)
    let findings: KindCounts = {}
    let quarantined: KindCounts = {}
    try {
      for await (const row of readDataset(env, manifest)) {
        const redacted = redactRow(row)
        const left = residualFindings(redacted.row)
        if (left.length > 0) {
          quarantined = addCounts(quarantined, countKinds(left))
          await aside.add(quarantineRow(row, left))
        } else {
          findings = addCounts(findings, redacted.findings)
          profiler.add(redacted.row, undefined)
          await writer.add(redacted.row)
        }
        const read = writer.rows + aside.rows
        if (read % PROGRESS_ROWS === 0) await job.report(read / manifest.rows, `${read} rows redacted`)
      }
      const made = madeBy(job, [source])
      const { ref, manifest: cleaned } = await writer.finish(made)
      const quarantine = aside.rows > 0 ? (await aside.finish(made)).ref : null
      const canaries = canaryRecall(CANARY_SEED)
      const dataset = { ref, sha256: parseRef(ref).version }
      const statement = redactionStatement({ dataset, rows: cleaned.rows, findings, residual: {}, canaries })
      const attestation = await attest(env, job.run.project, job.run.runId, ref, statement)
      const redaction = {
        rows: cleaned.rows,
        redactor: `${REDACTOR.name}@${REDACTOR.version}`,
        detector: `${RESIDUAL_DETECTOR.name}@${RESIDUAL_DETECTOR.version}`,
        redacted: { ...findings },
        // Rows with findings were set aside, so that none is left in those that go on.
        residual: {},
        quarantined: { rows: aside.rows, findings: { ...quarantined } },
        canaries: { planted: canaries.planted, found: canaries.found },
      }
      return {
        status: 'produced',
        outputs: { dataset: ref, quarantine, attestation, redaction, profile: { ...profiler.profile() } },
      }
    } catch (error) {
      await Promise.all([writer.abandon(), aside.abandon()])
      throw error
    }
  },
}

/** Which row, and what was seen where in it; never the content. */
function quarantineRow({ id, cohort }: DatasetRow, left: readonly ResidualFinding[]): DatasetRow {
  const findings = left.map(({ kind, path, length }) => ({ kind, path, length }))
  return { id, ...(cohort === undefined ? {} : { cohort }), data: { findings } }
}

/** Stores a statement under the hash of its canonical JSON. The same statement is stored once. */
async function attest(
  env: Env,
  project: string,
  runId: string,
  subject: string,
  statement: ReturnType<typeof redactionStatement>,
): Promise<string> {
  const sha256 = contentHash(statement)
  const attestationId = `att_${contentHash([project, sha256]).slice(0, 32)}`
  await lineage(env.LINEAGE)
    .insert(attestations)
    .values({
      attestationId,
      projectId: project,
      subject,
      predicateType: statement.predicateType,
      statement: statement as unknown as Json,
      sha256,
      runId,
      createdAt: Date.now(),
    })
    .onConflictDoNothing()
  return attestationId
}
