import { execFile, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { ROOT } from '../../stack/build.ts'

/** Versions that the figures are of. */
export const PEERS = { autoevals: '0.0.132', promptfoo: '0.123.1' } as const
export type Peer = keyof typeof PEERS

const INSTALL_TIMEOUT_MS = 900_000

/** One call of a peer's evaluator that needs no model. */
export interface PeerCall {
  /** `autoevals`: name of a scorer. `promptfoo`: type of an assertion. */
  scorer: string
  output: unknown
  expected?: unknown
  schema?: unknown
}

export interface PeerProcess {
  /** Scores in the order of the calls; null where the peer has none. */
  score(calls: readonly PeerCall[]): Promise<(number | null)[]>
  /** Seconds that each round over the same calls took, with nothing sent in between. */
  time(calls: readonly PeerCall[], rounds: number): Promise<number[]>
  stop(): void
}

/**
 * A peer from npm in a Node process of its own, outside the project's dependencies: it is installed when it is first
 * asked for.
 *
 * @throws Error with what is missing: then it has not run, and nothing is said of it
 */
export async function startPeer(peer: Peer): Promise<PeerProcess> {
  const folder = join(ROOT, '.bench', `${peer}-${PEERS[peer]}`)
  if (!existsSync(join(folder, 'node_modules', peer))) {
    mkdirSync(folder, { recursive: true })
    const wanted = `${peer}@${PEERS[peer]}`
    const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder, wanted]
    await promisify(execFile)('npm', args, { timeout: INSTALL_TIMEOUT_MS, maxBuffer: 2 ** 26 })
  }
  const script = join(folder, 'peer-process.mjs')
  cpSync(join(import.meta.dirname, 'peer-process.mjs'), script)
  const env = { ...process.env, PROMPTFOO_DISABLE_TELEMETRY: '1', PROMPTFOO_DISABLE_UPDATE: '1' }
  const child = spawn(process.execPath, [script, peer], { env, stdio: ['pipe', 'pipe', 'ignore'] })
  const stop = () => child.kill('SIGKILL')
  process.once('exit', stop)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async <T>(): Promise<T> => {
    for (;;) {
      const { value, done } = await lines.next()
      if (done) throw new Error(`the process of ${peer} ended`)
      // What a peer prints of its own is no answer.
      if (value.startsWith('{"answer":')) return (JSON.parse(value) as { answer: T }).answer
    }
  }
  await answer()
  const ask = <T>(question: unknown) => {
    child.stdin.write(`${JSON.stringify(question)}\n`)
    return answer<T>()
  }
  return {
    score: (calls) => ask({ calls }),
    time: (calls, rounds) => ask({ calls, rounds }),
    stop() {
      process.off('exit', stop)
      stop()
    },
  }
}
