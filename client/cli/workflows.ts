import type { Command } from 'commander'
import type { WorkflowDefinition } from '../../domain/workflow/definition.ts'
import { diffWorkflows } from '../../domain/workflow/diff.ts'
import { workflowJsonSchema } from '../../domain/workflow/json-schema.ts'
import { inspect, isError, type Finding } from '../../domain/workflow/lint.ts'
import { answer, SluiceError } from '../sluice.ts'
import { connect } from './connection.ts'
import { readDefinition } from './definition-file.ts'
import { EXIT } from './failure.ts'
import { commitOf, outsideOfCode } from './git.ts'
import { indented, print, remark, shortVersion } from './output.ts'
import { showChanges, showFindings } from './show-workflow.ts'

interface FileOptions {
  export?: string
}

const FILE = 'a .ts or .js module that exports a workflow, or a .json file'
const EXPORT = ['--export <name>', 'which export of the module, when there are several'] as const

/** Workflows as code: `apply`, `diff`, `lint`, `schema`. */
export function workflowCommands(program: Command): void {
  program
    .command('apply')
    .description('register the workflow in a file as the current version')
    .argument('<file>', FILE)
    .option(...EXPORT)
    .option(
      '--git-sha <sha>',
      'the commit it belongs to; that of the repository around the file when left out',
    )
    .action(apply)
  program
    .command('diff')
    .description('say what the workflow in a file changes against the current version, and what gets weaker')
    .argument('<file>', FILE)
    .option(...EXPORT)
    .option('--fail-on-weaker', 'exit with 1 when something gets weaker')
    .action(diff)
  program
    .command('lint')
    .description('say what is wrong or unwise in the workflow in a file; needs no server')
    .argument('<file>', FILE)
    .option(...EXPORT)
    .option('--strict', 'exit with 1 on warnings too')
    .action(lint)
  program
    .command('schema')
    .description('print the JSON Schema of a workflow; needs no server')
    .action(() => {
      process.stdout.write(`${JSON.stringify(workflowJsonSchema(), null, 2)}\n`)
    })
}

async function apply(
  file: string,
  options: FileOptions & { gitSha?: string },
  command: Command,
): Promise<void> {
  const client = connect(command)
  const read = await readDefinition(file, options.export)
  if ('findings' in read) return refuse(command, read.findings)
  const commit = commitOf(file)
  const gitSha = options.gitSha ?? commit?.sha
  if (options.gitSha === undefined && commit?.dirty)
    remark(
      `The repository has changes that are not in the commit ${commit.sha.slice(0, 7)}, which is recorded.`,
    )
  const request = {
    query: gitSha === undefined ? {} : { gitSha },
    json: read.draft as Record<string, unknown>,
  }
  try {
    const applied = await answer(client.workflows.$post(request))
    print(command, applied, [
      `${applied.workflow} is at version ${shortVersion(applied.version)}, commit ${applied.gitSha.slice(0, 7)}`,
      ...(applied.changes.length > 0 ? indented(showChanges(applied.changes)) : []),
      ...(applied.warnings.length > 0 ? showFindings(applied.warnings) : []),
    ])
  } catch (error) {
    const findings =
      error instanceof SluiceError ? (error.problem.findings as Finding[] | undefined) : undefined
    if (!findings) throw error
    refuse(command, findings)
  }
}

async function diff(
  file: string,
  options: FileOptions & { failOnWeaker?: boolean },
  command: Command,
): Promise<void> {
  const client = connect(command)
  const read = await readDefinition(file, options.export)
  const { definition, findings } =
    'findings' in read ? { definition: undefined, ...read } : inspect(read.draft)
  if (!definition) return refuse(command, findings)
  const { versions } = await answer(
    client.workflows[':workflow'].$get({ param: { workflow: definition.name }, query: { limit: '1' } }),
  )
  const [current] = versions
  if (!current) {
    print(command, { from: null, changes: [], weaker: 0 }, [
      `${definition.name} has no version yet: all of it is new`,
    ])
    return
  }
  const changes = diffWorkflows(current.definition as WorkflowDefinition, definition)
  const weaker = changes.filter((change) => change.weaker).length
  print(command, { from: current.version, changes, weaker }, [
    `${definition.name} against version ${shortVersion(current.version)}, commit ${current.gitSha.slice(0, 7)}`,
    ...indented(showChanges(changes)),
  ])
  if (options.failOnWeaker && weaker > 0) process.exitCode = EXIT.no
}

async function lint(
  file: string,
  options: FileOptions & { strict?: boolean },
  command: Command,
): Promise<void> {
  const read = await readDefinition(file, options.export)
  const found = 'findings' in read ? read.findings : inspect(read.draft).findings
  const findings = [...found, ...outsideOfCode(file, commitOf(file))]
  print(command, { findings }, showFindings(findings))
  if (findings.some((each) => options.strict || isError(each))) process.exitCode = EXIT.no
}

function refuse(command: Command, findings: readonly Finding[]): void {
  print(command, { error: { code: 'workflow.invalid', findings } }, showFindings(findings))
  process.exitCode = EXIT.no
}
