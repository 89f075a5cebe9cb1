import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Kinds of labelled sets, told by how the name of their folder begins. */
export const FAMILIES = [
  'groundedness',
  'contextrelevance',
  'toolselection',
  'taskcompletion',
  'pii',
  'jsonschema',
] as const
export type Family = (typeof FAMILIES)[number]

export interface LabelledSet {
  /** Name of the folder: what its figures are called by. */
  name: string
  family: Family
  folder: string
}

/** The labelled sets of a folder; those of no known kind are left out. */
export function findSets(directory: string): LabelledSet[] {
  if (!existsSync(directory)) throw new Error(`--data ${directory}: there is no such folder`)
  return readdirSync(directory)
    .toSorted()
    .flatMap((name) => {
      const family = FAMILIES.find((one) => name.startsWith(one))
      return family ? [{ name, family, folder: join(directory, name) }] : []
    })
}

/** Rows of an NDJSON file. Their shape is what the set's description says. */
export function readRows<Row>(folder: string, file = 'data.jsonl'): Row[] {
  return readFileSync(join(folder, file), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Row)
}
