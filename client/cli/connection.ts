import type { Command } from 'commander'
import { createClient } from '../sluice.ts'
import { Failure } from './failure.ts'

const DEFAULT_URL = 'http://127.0.0.1:8787'

/** The options that every command knows. */
export interface Common {
  url?: string
  key?: string
  json?: boolean
}

/** The API as the command line or the environment (`SLUICE_URL`, `SLUICE_KEY`) says. */
export function connect(command: Command): ReturnType<typeof createClient> {
  const { key = process.env.SLUICE_KEY, ...options } = command.optsWithGlobals<Common>()
  const url = options.url ?? process.env.SLUICE_URL ?? DEFAULT_URL
  if (!URL.canParse(url)) throw new Failure('usage', `${url} is no address; give one like ${DEFAULT_URL}`)
  if (!key) throw new Failure('key.missing', 'No API key: set SLUICE_KEY or give --key')
  return createClient({ url: url.replace(/\/+$/, ''), key })
}
