/**
 * `npm start`: the local stack, without the demo, until Ctrl-C. Its state is kept in `.sluice/`.
 * `--var POOLS='{"gpu":2}'` sets a variable of the Worker; `--script FILE` takes a Worker that was built before.
 */
import { parseArgs } from 'node:util'
import { join } from 'node:path'
import { ROOT } from './stack/build.ts'
import { startStack } from './stack/stack.ts'

const { values } = parseArgs({
  options: {
    state: { type: 'string', default: join(ROOT, '.sluice') },
    port: { type: 'string' },
    'dashboard-port': { type: 'string' },
    'no-dashboard': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    script: { type: 'string' },
    var: { type: 'string', multiple: true, default: [] },
  },
})

const stack = await startStack({
  stateDir: values.state,
  ports: { api: portOf(values.port), dashboard: portOf(values['dashboard-port']) },
  log: (line) => console.error(line),
  dashboard: !values['no-dashboard'],
  ...(values.script === undefined ? {} : { script: values.script }),
  vars: Object.fromEntries(values.var.map(variableOf)),
})

const { url, dashboardUrl, gpuUrl, taskUrl, settings } = stack
if (values.json)
  console.log(
    JSON.stringify({ url, dashboardUrl, gpuUrl, taskUrl, key: settings.adminKey, gpuKey: settings.gpuKey }),
  )
else {
  console.log(`Sluice is up.

  Dashboard     ${dashboardUrl}
  API           ${url}/api/v1     (admin key: ${settings.adminKey})
  Gateway       ${url}/v1
  GPU endpoint  ${gpuUrl}     (the reference endpoint: it trains on this machine's CPU)
  Task endpoint ${taskUrl}     (named reference-task: for trying task stages)
  State         ${values.state}

Ctrl-C stops it; the next start goes on where it was.`)
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // Miniflare's own listener would end the process at once.
  process.removeAllListeners(signal)
  process.once(signal, () => void stack.stop().then(() => process.exit(0)))
}

function variableOf(text: string): [name: string, value: string] {
  const equals = text.indexOf('=')
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)]
  console.error(`--var ${text}: must be NAME=VALUE, a variable of the Worker`)
  process.exit(2)
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  console.error(`${text} is not a port`)
  process.exit(2)
}
