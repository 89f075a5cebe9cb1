import type { Knowledge, Message } from '../../../domain/dataset/transcript.ts'
import { cohortSequence, createCase } from './case.ts'
import { createRandom } from './random.ts'

export interface ProductionRequest {
  cohort: string
  messages: Message[]
  knowledge: Knowledge[]
}

/** Keeps a traffic seed from ever drawing what a dataset of the same seed drew. */
const TRAFFIC = 0x7aff1c

/** Fresh conversations of the same world as `generateTranscripts`, without answers: what a product service sends. */
export function productionTraffic({
  seed,
  requests,
}: {
  seed: number
  requests: number
}): ProductionRequest[] {
  const random = createRandom(seed ^ TRAFFIC)
  const cohorts = cohortSequence(random)
  return Array.from({ length: requests }, () => {
    const cohort = cohorts.next().value
    const { messages, knowledge } = createCase(cohort, random)
    return { cohort: cohort.name, messages, knowledge }
  })
}
