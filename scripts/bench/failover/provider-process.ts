import { join } from 'node:path'
import { startServer } from '../child-process.ts'

/** An attempt, as the provider saw it. */
export interface LogEntry {
  /** Since the scenario began. */
  atMs: number
  /** What the provider did with it, in words. */
  action: string
  prefill: boolean
}

/** The misbehaving provider, from outside. */
export interface Provider {
  /** Where a system under test finds it; ends in `/v1`. */
  baseUrl(system: string): string
  /** Forgets the model's attempts, and starts its clock. */
  begin(system: string, model: string): Promise<void>
  log(system: string, model: string): Promise<LogEntry[]>
  stop(): Promise<void>
}

export async function startProvider(): Promise<Provider> {
  const { url, stop } = await startServer(join(import.meta.dirname, 'provider.ts'))
  const of = (system: string, model: string) => String(new URLSearchParams({ system, model }))
  return {
    baseUrl: (system) => `${url}/${system}/v1`,
    async begin(system, model) {
      await fetch(`${url}/begin?${of(system, model)}`)
    },
    async log(system, model) {
      return (await (await fetch(`${url}/log?${of(system, model)}`)).json()) as LogEntry[]
    },
    stop,
  }
}
