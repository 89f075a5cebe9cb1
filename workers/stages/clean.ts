import { Profiler } from '../../domain/dataset/profile.ts'
import { contentHash } from '../../domain/hash.ts'
import type { Json } from '../../domain/json.ts'
import { parseRef } from '../../domain/ref.ts'
import { addCounts, redactionStatement } from '../../domain/redaction/attestation.ts'
import { canaryRecall } from '../../domain/redaction/canaries.ts'
import { countKinds, type KindCounts } from '../../domain/redaction/kinds.ts'
import { REDACTOR } from '../../domain/redaction/redact.ts'
import { RESIDUAL_DETECTOR, residualFindings } from '../../domain/redaction/residual.ts'
import { redactRow } from '../../domain/redaction/row.ts'
import type { Env } from '../env.ts'
import { lineage } from '../lineage/db.ts'
import { attestations } from '../lineage/schema.ts'
import { DatasetWriter, datasetManifest, readDataset } from '../registry/datasets.ts'
import { inputOf, madeBy, type StageExecutor } from './executor.ts'

/** Of the planted synthetic PII: fixed, so that two attestations of one redactor version agree. */
const CANARY_SEED = 1
const PROGRESS_ROWS = 100

/** Redacts PII, looks for what is left by other means, and attests both for the dataset version that comes out. */
export const clean: StageExecutor<'clean'> = {
  async execute(env, job) {
    const source = inputOf(job, 'dataset')
    const manifest = await datasetManifest(lineage(env.LINEAGE), job.run.project, source)
    const writer = new DatasetWriter(env, job.run.project, job.params.name)
    const profiler = new Profiler(() => true)
    let findings: KindCounts = {}
    let residual: KindCounts = {}
    try {
      for await (const row of readDataset(env, manifest)) {
        const redacted = redactRow(row)
        findings = addCounts(findings, redacted.findings)
        residual = addCounts(residual, countKinds(residualFindings(redacted.row)))
        profiler.add(redacted.row, undefined)
        await writer.add(redacted.row)
        if (writer.rows % PROGRESS_ROWS === 0) await job.report(writer.rows / manifest.rows, `${writer.rows} rows redacted`)
      }
      const { ref, manifest: cleaned } = await writer.finish(madeBy(job, [source]))
      const canaries = canaryRecall(CANARY_SEED)
      const dataset = { ref, sha256: parseRef(ref).version }
      const statement = redactionStatement({ dataset, rows: cleaned.rows, findings, residual, canaries })
      const attestation = await attest(env, job.run.project, job.run.runId, ref, statement)
      const redaction = {
        rows: cleaned.rows,
        redactor: `${REDACTOR.name}@${REDACTOR.version}`,
        detector: `${RESIDUAL_DETECTOR.name}@${RESIDUAL_DETECTOR.version}`,
        redacted: { ...findings },
        residual: { ...residual },
        canaries: { planted: canaries.planted, found: canaries.found },
      }
      return { status: 'produced', outputs: { dataset: ref, attestation, redaction, profile: { ...profiler.profile() } } }
    } catch (error) {
      await writer.abandon()
      throw error
    }
  },
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
