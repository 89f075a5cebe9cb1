import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import * as z from 'zod'

/** What a local stack keeps between starts, beside its databases: its ports and the secrets that it made up. */
const Settings = z.object({
  apiPort: z.number().int(),
  dashboardPort: z.number().int(),
  gpuPort: z.number().int(),
  taskPort: z.number().int(),
  adminKey: z.string(),
  signingKey: z.string(),
  gpuSigningSecret: z.string(),
  gpuKey: z.string(),
  taskSigningSecret: z.string(),
})
export type Settings = z.infer<typeof Settings>

export interface WantedPorts {
  api?: number | undefined
  dashboard?: number | undefined
}

/** Settings of the stack in a state directory; made on its first start. */
export async function loadSettings(stateDir: string, wanted: WantedPorts): Promise<Settings> {
  mkdirSync(stateDir, { recursive: true })
  const file = join(stateDir, 'settings.json')
  const known = readSettings(file)
  const settings: Settings = {
    apiPort: wanted.api ?? known?.apiPort ?? (await freePort()),
    dashboardPort: wanted.dashboard ?? known?.dashboardPort ?? (await freePort()),
    gpuPort: known?.gpuPort ?? (await freePort()),
    taskPort: known?.taskPort ?? (await freePort()),
    adminKey: known?.adminKey ?? `sk_sluice_${randomBytes(24).toString('hex')}`,
    signingKey: known?.signingKey ?? randomBytes(32).toString('hex'),
    gpuSigningSecret: known?.gpuSigningSecret ?? `whsec_${randomBytes(32).toString('base64')}`,
    gpuKey: known?.gpuKey ?? randomBytes(24).toString('hex'),
    taskSigningSecret: known?.taskSigningSecret ?? `whsec_${randomBytes(32).toString('base64')}`,
  }
  writeFileSync(file, JSON.stringify(settings, null, 2), { mode: 0o600 })
  return settings
}

/** Settings of a stack that was first started by an earlier version may lack some. */
function readSettings(file: string): { [K in keyof Settings]?: Settings[K] | undefined } | undefined {
  try {
    return Settings.partial().parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new Error(`${file} cannot be read; remove the state directory to start anew`, { cause: error })
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
