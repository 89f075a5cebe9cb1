import { dispatchTraining, cancelTraining } from '../training/dispatch.ts'
import type { StageExecutor } from './executor.ts'

/** Hands the training rows to an external endpoint; its signed callback brings the model. */
export const train: StageExecutor<'train'> = {
  async execute(env, job) {
    const status = await dispatchTraining(env, job)
    return { status: 'waiting', waitingFor: `training at ${job.params.endpoint} (${status})` }
  },
  cancel: cancelTraining,
}
