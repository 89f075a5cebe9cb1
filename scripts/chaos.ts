/** `npm run chaos -- --runs 20 --kills 50 [--seed N] [--json]`: whether anything is lost when the stack is killed. */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { runChaos, type ChaosResult } from './chaos/chaos.ts'
import { planChaos } from './chaos/schedule.ts'

const HELP = `npm run chaos -- [options]

  --runs N     runs that are started (20)
  --kills N    times that the stack is killed with SIGKILL while they are under way (50)
  --seed N     of the kills, the faults and the data; printed, so that a failure can be replayed
  --keep       leave the state directory behind, and print where it is
  --json       print the result as one JSON object on the last line`

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(randomInt(1, 1_000_000)) },
    keep: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(HELP)
  process.exit(0)
}

const options = { runs: atLeast(1, 'runs'), kills: atLeast(1, 'kills'), seed: atLeast(0, 'seed') }
const say = (line: string) => console.log(line)
const result = await runChaos({ ...options, keep: values.keep, say }).catch((error: unknown) => {
  console.error(error)
  return undefined
})
if (result) printResult(result)
if (!result?.ok) {
  const { runs, kills, seed } = options
  console.log(`Replay it with: npm run chaos -- --runs ${runs} --kills ${kills} --seed ${seed}`)
  console.log(`Its schedule: ${JSON.stringify(planChaos(options))}`)
}
if (values.json) console.log(JSON.stringify(result ?? { ok: false, ...options }))
process.exitCode = result?.ok ? 0 : 1

function printResult({ ok, checks, kills, restarts, restartSeconds, seconds, ...rest }: ChaosResult): void {
  console.log(`\n${ok ? 'Nothing was lost.' : 'Something was lost or doubled.'}`)
  for (const [name, check] of Object.entries(checks))
    console.log(`${check.ok ? 'ok  ' : 'FAIL'}  ${name.padEnd(26)} ${check.detail}`)
  const faults = Object.entries(rest.injected).map(([fault, times]) => `${times} × ${fault}`)
  console.log(
    `${kills} kills, ${restarts} restarts of ${restartSeconds.toFixed(1)} s, ${seconds.toFixed(0)} s in all; injected: ${faults.join(', ') || 'nothing'}`,
  )
  if (rest.stateDir !== undefined) console.log(`State: ${rest.stateDir}`)
}

function atLeast(min: number, name: 'runs' | 'kills' | 'seed'): number {
  const value = Number(values[name])
  if (Number.isInteger(value) && value >= min) return value
  console.error(`--${name} ${values[name]}: must be a whole number from ${min}`)
  process.exit(2)
}
