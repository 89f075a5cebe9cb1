import type { StageKind } from '../../domain/stages/contracts.ts'
import { clean } from './clean.ts'
import { deploy } from './deploy.ts'
import { evaluate } from './evaluate.ts'
import type { StageExecutor } from './executor.ts'
import { features } from './features.ts'
import { ingest } from './ingest.ts'
import { monitor } from './monitor.ts'
import { promote } from './promote.ts'
import { task } from './task.ts'
import { train } from './train.ts'
import { workflow } from './workflow.ts'

export const EXECUTORS: { [K in StageKind]: StageExecutor<K> } = {
  ingest,
  clean,
  features,
  train,
  evaluate,
  promote,
  deploy,
  monitor,
  task,
  workflow,
}
