#!/usr/bin/env node
/** `sluice`: workflows as code and runs, from a terminal or CI. */
import { Command, CommanderError } from 'commander'
import { controlCommands } from './cli/control.ts'
import { decisionCommands } from './cli/decisions.ts'
import { evaluationCommands } from './cli/evaluations.ts'
import { EXIT, Failure } from './cli/failure.ts'
import { modelCommands } from './cli/models.ts'
import { operationCommands } from './cli/operations.ts'
import { reportCommands } from './cli/reports.ts'
import { routeCommands } from './cli/routes.ts'
import { runCommands } from './cli/runs.ts'
import { workflowCommands } from './cli/workflows.ts'
import { SluiceError } from './sluice.ts'

/** Commands stand in groups, a file each. */
const GROUPS: readonly ((program: Command) => void)[] = [
  workflowCommands,
  runCommands,
  controlCommands,
  evaluationCommands,
  decisionCommands,
  reportCommands,
  modelCommands,
  routeCommands,
  operationCommands,
]

const program = new Command('sluice')
  .description('Workflows from raw data to a deployed and watched model')
  .option('--url <url>', 'address of Sluice; SLUICE_URL when left out')
  .option('--key <key>', 'API key; SLUICE_KEY when left out')
  .option('--json', 'one JSON document instead of text')
  .exitOverride()
for (const add of GROUPS) add(program)

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = explain(error)
}

/** Tells what went wrong, by code and detail; answers the exit code. */
function explain(error: unknown): number {
  // Commander has told already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.unanswered
  const { code, detail, exitCode, extra } = described(error)
  if (program.opts<{ json?: boolean }>().json)
    process.stdout.write(`${JSON.stringify({ error: { ...extra, code, detail } }, null, 2)}\n`)
  else process.stderr.write(`${code}: ${detail}\n`)
  return exitCode
}

interface Described {
  code: string
  detail: string
  exitCode: number
  extra?: Readonly<Record<string, unknown>>
}

function described(error: unknown): Described {
  if (error instanceof Failure) return { code: error.code, detail: error.message, exitCode: error.exitCode }
  if (error instanceof SluiceError)
    return { code: error.code, detail: error.detail, exitCode: EXIT.no, extra: error.problem }
  const { message, cause } = error instanceof Error ? error : new Error(String(error))
  if (error instanceof SyntaxError)
    return {
      code: 'answer.unreadable',
      detail: `What answers there is not Sluice: ${message}`,
      exitCode: EXIT.unanswered,
    }
  const detail =
    cause instanceof Error ? `${message}: ${cause.message || (cause as { code?: string }).code}` : message
  return { code: 'unreachable', detail, exitCode: EXIT.unanswered }
}
