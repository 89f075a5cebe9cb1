import { existsSync, readFileSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Finding } from '../../domain/workflow/lint.ts'
import { findingsOfIssues, type Issue } from '../../domain/workflow/lint/refusal.ts'
import { Failure } from './failure.ts'

/** A definition as it stands in a file, or why the file could not give one. */
export type Draft = { draft: unknown } | { findings: Finding[] }

/**
 * What a file says: the JSON of a `.json` file, or the export of a module that is a workflow. Which one, when there are
 * several, `exportName` says.
 *
 * @throws Failure when there is no such file or export
 */
export async function readDefinition(file: string, exportName?: string): Promise<Draft> {
  const path = resolve(file)
  if (!existsSync(path)) throw new Failure('file', `There is no file ${file}`)
  if (extname(path) === '.json') return { draft: parseJson(path, file) }
  if (!/\.[mc]?[jt]s$/.test(path)) throw new Failure('file', `${file} is neither .ts, .js nor .json`)
  try {
    const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>
    return { draft: workflowOf(module, file, exportName) }
  } catch (error) {
    if (error instanceof Failure) throw error
    const issues = issuesOf(error)
    if (issues) return { findings: findingsOfIssues(issues) }
    throw new Failure(
      'file',
      `${file} could not be imported: ${error instanceof Error ? error.message : error}`,
    )
  }
}

function parseJson(path: string, file: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new Failure('file', `${file} is not JSON: ${(error as Error).message}`)
  }
}

function workflowOf(module: Record<string, unknown>, file: string, exportName: string | undefined): unknown {
  if (exportName !== undefined) {
    if (Object.hasOwn(module, exportName)) return module[exportName]
    throw new Failure('file', `${file} exports no ${exportName}; it exports ${namesOf(module)}`)
  }
  const found = Object.entries(module).filter(([, value]) => isWorkflow(value))
  if (isWorkflow(module.default)) return module.default
  if (found.length === 1) return found[0]![1]
  if (found.length > 1)
    throw new Failure(
      'file',
      `${file} exports several workflows: choose one of ${found.map(([name]) => name).join(', ')} by --export`,
    )
  throw new Failure(
    'file',
    `${file} exports no workflow; it exports ${namesOf(module)}. Export what defineWorkflow gives`,
  )
}

function namesOf(module: Record<string, unknown>): string {
  const names = Object.entries(module).map(([name, value]) => `${name} (a ${typeof value})`)
  return names.join(', ') || 'nothing'
}

function isWorkflow(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'stages' in value
}

/** What `defineWorkflow` throws. The file may have brought its own zod: the class tells nothing. */
function issuesOf(error: unknown): readonly Issue[] | undefined {
  if (!(error instanceof Error) || !error.name.endsWith('ZodError')) return undefined
  const { issues } = error as Error & { issues?: unknown }
  return Array.isArray(issues) ? (issues as Issue[]) : undefined
}
