/** `npm run bench -- NAME [--json]`: one harness for every benchmark. */
import { parseArgs } from 'node:util'
import { BENCHES } from './bench/registry.ts'
import { machine, printTable, type BenchResult } from './bench/harness.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    data: { type: 'string' },
    rounds: { type: 'string' },
  },
})
const [name] = positionals
const bench = name === undefined ? undefined : BENCHES[name]
if (name === undefined || bench === undefined) {
  console.error(
    `npm run bench -- NAME [--rounds N] [--data DIR] [--json]\nNAME is one of: ${Object.keys(BENCHES).join(', ')}`,
  )
  process.exit(2)
}

const result: BenchResult = await bench({
  data: values.data,
  rounds: values.rounds === undefined ? undefined : Number(values.rounds),
})
console.log(await machine())
printTable(name, result)
if (values.json) {
  const { ok, notRun } = result
  const medians = (numbers: BenchResult['ratios']) =>
    Object.fromEntries(Object.entries(numbers).map(([label, { median }]) => [label, median]))
  console.log(
    JSON.stringify({ name, ok, ratios: medians(result.ratios), figures: medians(result.figures), notRun }),
  )
}
process.exitCode = result.ok ? 0 : 1
