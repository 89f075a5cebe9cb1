import { Profiler } from '../../domain/dataset/profile.ts'
import { Transcript } from '../../domain/dataset/transcript.ts'
import { ProblemError } from '../../domain/problem.ts'
import { lineage } from '../lineage/db.ts'
import { DatasetWriter, datasetManifest, readDataset } from '../registry/datasets.ts'
import { inputOf, madeBy, type StageExecutor } from './executor.ts'

/** Takes the pinned transcripts, checks each shard against its hash and each row against the shape, and profiles them. */
export const ingest: StageExecutor<'ingest'> = {
  async execute(env, job) {
    const source = inputOf(job, 'transcripts')
    const manifest = await datasetManifest(lineage(env.LINEAGE), job.run.project, source)
    const writer = new DatasetWriter(env, job.run.project, job.params.name)
    const profiler = new Profiler((row) => Transcript.safeParse(row.data).success)
    try {
      for await (const row of readDataset(env, manifest)) {
        const transcript = Transcript.safeParse(row.data)
        if (!transcript.success) {
          const issue = transcript.error.issues[0]!
          const field = ['data', ...issue.path].join('.')
          throw new ProblemError(
            'row.invalid',
            `Row ${writer.rows + 1} (${row.id}): ${field}: ${issue.message}`,
            { field },
          )
        }
        profiler.add(row, transcript.data.expected.intent)
        await writer.add(row)
        if (writer.rows % 500 === 0) await job.report(writer.rows / manifest.rows, `${writer.rows} rows read`)
      }
      const { ref } = await writer.finish(madeBy(job, [source]))
      return { status: 'produced', outputs: { dataset: ref, profile: { ...profiler.profile() } } }
    } catch (error) {
      await writer.abandon()
      throw error
    }
  },
}
