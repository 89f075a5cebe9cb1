/** `npm start`: the local stack, without the demo, until Ctrl-C. Its state is kept in `.sluice/`. */
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
  },
})

const stack = await startStack({
  stateDir: values.state,
  ports: { api: portOf(values.port), dashboard: portOf(values['dashboard-port']) },
  log: (line) => console.error(line),
  dashboard: !values['no-dashboard'],
})

const { url, dashboardUrl, gpuUrl, settings } = stack
if (values.json)
  console.log(JSON.stringify({ url, dashboardUrl, gpuUrl, key: settings.adminKey, gpuKey: settings.gpuKey }))
else {
  console.log(`Sluice is up.

  Dashboard     ${dashboardUrl}
  API           ${url}/api/v1     (admin key: ${settings.adminKey})
  Gateway       ${url}/v1
  GPU endpoint  ${gpuUrl}     (the reference endpoint: it trains on this machine's CPU)
  State         ${values.state}

Ctrl-C stops it; the next start goes on where it was.`)
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stack.stop().then(() => process.exit(0)))
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  console.error(`${text} is not a port`)
  process.exit(2)
}
