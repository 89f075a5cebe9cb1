/** The pass-through in workerd on a socket of its own, without a proxy, as the stack runs Sluice. Prints its URL. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { Log, LogLevel, Miniflare, convertV4MiniflareOptions } from 'miniflare'
import { freePort } from '../../stack/settings.ts'

const UPSTREAM = process.argv[2]!
const outdir = mkdtempSync(join(tmpdir(), 'sluice-gateway-floor-'))
await build({
  configFile: false,
  logLevel: 'error',
  build: {
    outDir: outdir,
    target: 'esnext',
    lib: {
      entry: join(import.meta.dirname, 'floor-worker.ts'),
      formats: ['es'],
      fileName: () => 'floor-worker.js',
    },
  },
})
const port = await freePort()
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    log: new Log(LogLevel.NONE),
    workers: [
      {
        name: 'floor',
        modules: true,
        rootPath: outdir,
        scriptPath: join(outdir, 'floor-worker.js'),
        compatibilityDate: '2026-10-01',
        compatibilityFlags: ['nodejs_compat', 'enable_request_signal'],
        bindings: { UPSTREAM },
        unsafeDirectSockets: [{ host: '127.0.0.1', port }],
      },
    ],
  }),
)
await miniflare.ready
console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }))
process.once('SIGTERM', () => {
  void miniflare.dispose().finally(() => {
    rmSync(outdir, { recursive: true, force: true })
    process.exit(0)
  })
})
