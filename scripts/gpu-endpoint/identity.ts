import { arch, availableParallelism, cpus, platform } from 'node:os'

/** What this process is, in its own words: shown when it starts, in `/health`, and in the record of each model. */
export const NAME =
  "Sluice reference GPU endpoint: trains low-rank adapters on this machine's CPU; there is no GPU"

/** The processor that a job trains on. One job uses one core. */
export function hardware(): string {
  const model = cpus()[0]?.model.trim() || arch()
  return `${NAME} (${model}, 1 of ${availableParallelism()} cores, ${platform()}/${arch()}, Node ${process.versions.node})`
}
