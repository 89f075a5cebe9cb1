import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { ALL_EVALUATORS, EVALUATORS } from '../domain/evaluators/registry.ts'
import { GATES } from '../domain/gates/registry.ts'
import { STAGE_KINDS } from '../domain/stages/contracts.ts'

const ROOT = resolve(import.meta.dirname, '..')

interface Import {
  file: string
  /** Path from the root for our own files, else the package. */
  target: string
}

function importsOf(folder: string): Import[] {
  return sourceFiles(folder).flatMap((file) =>
    [
      ...readFileSync(join(ROOT, file), 'utf8').matchAll(
        /^(?:import|export)\b[^'"]*?from ['"]([^'"]+)['"]/gms,
      ),
    ].map((match) => ({
      file,
      target: match[1]!.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(file), match[1]!)) : match[1]!,
    })),
  )
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.test.ts'))
    .map((file) => join(folder, file))
}

test('domain imports nothing but itself and packages that run anywhere', () => {
  const imports = importsOf('domain')
  expect(imports.length).toBeGreaterThan(100)
  const wrong = imports.filter(({ target }) =>
    /^(workers|durable-objects|scripts|client|cloudflare:|node:)/.test(target),
  )
  expect(wrong).toEqual([])
})

test('the Worker and its objects know nothing of scripts, examples, dashboard and tests', () => {
  const imports = [...importsOf('workers'), ...importsOf('durable-objects')]
  expect(imports.length).toBeGreaterThan(100)
  expect(imports.filter(({ target }) => /^(scripts|examples|dashboard|test|client)\//.test(target))).toEqual(
    [],
  )
})

test('zod is imported whole by name, since the named import bundles everything', () => {
  const files = [...sourceFiles('domain'), ...sourceFiles('workers')]
  const wrong = files.filter((file) =>
    /import \{[^}]*\bz\b[^}]*\} from 'zod'/.test(readFileSync(join(ROOT, file), 'utf8')),
  )
  expect(wrong).toEqual([])
})

test('every stage, gate and evaluator is a file of its own name', () => {
  const names = (folder: string) =>
    new Set(
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        basename(file, '.ts'),
      ),
    )
  for (const kind of STAGE_KINDS) expect(names('workers/stages')).toContain(kind)
  for (const gate of Object.keys(GATES)) expect(names('domain/gates')).toContain(gate)
  const kebab = (name: string) =>
    name
      .replace('ChrF', 'Chrf')
      // PIILeak, JSONValidation, HTTPEvaluator: an abbreviation is one word.
      .replace(/[A-Z]{2,}(?=[A-Z][a-z])/, (word) => word.charAt(0) + word.slice(1).toLowerCase())
      .replace(/(?<=[a-z])(?=[A-Z])/g, '-')
      .toLowerCase()
  for (const { name } of EVALUATORS) expect(names('domain/evaluators')).toContain(kebab(name))
})

test('every evaluator stands in docs/evaluators.md, with what a suite may set', () => {
  const rows = readFileSync(join(ROOT, 'docs/evaluators.md'), 'utf8').split('\n')
  const missing = ALL_EVALUATORS.flatMap(({ name, engine, params }) => {
    const row = rows.find((line) => line.startsWith(`| ${name} | ${engine} |`))
    if (row === undefined) return [`${name} ${engine}`]
    const { properties } = params ? z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' }) : {}
    return Object.keys(properties ?? {})
      .filter((parameter) => !row.includes(`\`${parameter}\``))
      .map((parameter) => `${name} ${engine}: ${parameter}`)
  })
  expect(missing).toEqual([])
})
