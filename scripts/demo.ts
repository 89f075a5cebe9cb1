/** `npm run demo`: plays Sluice's main job on a stack of its own, and exits with 1 when it did not go as it must. */
import { rmSync } from 'node:fs'
import { runDemo } from './demo/demo.ts'
import { parseOptions, type DemoOptions } from './demo/options.ts'
import { createProgress } from './demo/progress.ts'
import { report } from './demo/report.ts'
import { summarize } from './demo/summary.ts'

const options = readOptions()
if (options) await main(options)

async function main(options: DemoOptions): Promise<void> {
  const logged: string[] = []
  const log = (line: string) => void (logged.push(line) > 2000 && logged.shift())
  try {
    const { stack, stateDir, result } = await runDemo(options, createProgress(process.stdout), log)
    const summary = report(result)
    console.log(`\n${summarize(result)}`)
    if (options.keep) await keepUp(stack, stateDir)
    else {
      await stack.stop()
      rmSync(stateDir, { recursive: true, force: true })
    }
    if (options.json) console.log(JSON.stringify(summary))
    process.exitCode = summary.ok ? 0 : 1
    if (!summary.ok) console.error(`Not as it must be: ${JSON.stringify(summary.checks)}`)
  } catch (error) {
    console.error(logged.slice(-40).join('\n'))
    const reason = error instanceof Error ? error.message : String(error)
    console.error(`The demo stopped: ${reason}`)
    if (options.json) console.log(JSON.stringify({ ok: false, error: reason }))
    process.exitCode = 1
  }
}

function readOptions(): DemoOptions | undefined {
  try {
    return parseOptions(process.argv.slice(2))
  } catch (error) {
    console.error((error as Error).message)
    process.exit(2)
  }
}

/** Leaves the stack up until the user stops it. */
async function keepUp(stack: Awaited<ReturnType<typeof runDemo>>['stack'], stateDir: string): Promise<void> {
  console.log(
    `\nDashboard: ${stack.dashboardUrl}\nAPI:       ${stack.url}   key: ${stack.settings.adminKey}\nCtrl-C stops the stack.`,
  )
  await new Promise((resolve) => process.once('SIGINT', resolve))
  await stack.stop()
  rmSync(stateDir, { recursive: true, force: true })
}
