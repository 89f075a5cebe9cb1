import type { Example } from '../../domain/dataset/example.ts'
import { Profiler } from '../../domain/dataset/profile.ts'
import { knowledgeText, renderPrompt, unrenderable } from '../../domain/dataset/prompt.ts'
import { splitOf } from '../../domain/dataset/split.ts'
import { Transcript } from '../../domain/dataset/transcript.ts'
import type { Json } from '../../domain/json.ts'
import { ProblemError } from '../../domain/problem.ts'
import { lineage } from '../lineage/db.ts'
import { getArtifact } from '../registry/artifacts.ts'
import { DatasetWriter, datasetManifest, readDataset } from '../registry/datasets.ts'
import { inputOf, madeBy, type StageExecutor } from './executor.ts'

/** Small shards, since each evaluation chunk reads the shard that it is part of. */
const GOLDEN_SHARD_ROWS = 200

/** Renders each transcript with the prompt version, and parts the training rows from the golden ones. */
export const features: StageExecutor<'features'> = {
  async execute(env, job) {
    const { project } = job.run
    const [source, promptRef] = [inputOf(job, 'dataset'), inputOf(job, 'prompt')]
    const db = lineage(env.LINEAGE)
    const manifest = await datasetManifest(db, project, source)
    const { template } = (await getArtifact(db, project, promptRef)).manifest as { template: string }
    const problem = unrenderable(template)
    if (problem !== undefined)
      throw new ProblemError('run.inputs', `${promptRef} cannot render transcripts: ${problem}`)
    const training = new DatasetWriter(env, project, `${job.params.name}-training`)
    const golden = new DatasetWriter(env, project, `${job.params.name}-golden`, GOLDEN_SHARD_ROWS)
    const profiler = new Profiler(() => true)
    try {
      for await (const row of readDataset(env, manifest)) {
        const transcript = Transcript.parse(row.data)
        const split = transcript.split ?? splitOf(row.id, job.params.goldenShare)
        const data: Example = {
          split,
          prompt: renderPrompt(template, transcript.knowledge, transcript.messages),
          context: transcript.knowledge.map(knowledgeText),
          completion: transcript.expected,
        }
        const example = { ...row, data: data as unknown as Record<string, Json> }
        profiler.add(example, transcript.expected.intent)
        await (split === 'golden' ? golden : training).add(example)
        const read = training.rows + golden.rows
        if (read % 500 === 0) await job.report(read / manifest.rows, `${read} rows rendered`)
      }
      const made = madeBy(job, [source, promptRef])
      const written = await training.finish(made)
      const held = await golden.finish(made)
      return {
        status: 'produced',
        outputs: { training: written.ref, golden: held.ref, profile: { ...profiler.profile() } },
      }
    } catch (error) {
      await Promise.all([training.abandon(), golden.abandon()])
      throw error
    }
  },
}
