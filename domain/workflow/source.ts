import * as z from 'zod'
import { Ref } from '../ref.ts'

/**
 * Where a value comes from: `inputs.NAME` of the run, `signals.NAME` that somebody sent it, `STAGE.OUTPUT` of an earlier
 * stage, or an artifact ref.
 */
export const Source = z.union([
  z.string().regex(/^[a-z0-9][a-z0-9._-]*\.[a-z][a-zA-Z0-9]*$/, 'must be inputs.NAME, STAGE.OUTPUT or a ref'),
  Ref,
])

/** Names of ports, run inputs and signals. */
export const PortName = z
  .string()
  .regex(/^[a-z][a-zA-Z0-9]{0,79}$/, 'must be letters and digits, in camelCase')

/** Heads of a source that are no stage. */
export const NOT_STAGES: readonly string[] = ['inputs', 'signals']

/** A source's stage (or `inputs`, `signals`) and what it takes of it; the name of a stage may hold dots. */
export function splitSource(source: string): [from: string, output: string] {
  const dot = source.lastIndexOf('.')
  return [source.slice(0, dot), source.slice(dot + 1)]
}

/** The stage that produces a source, if a stage does. */
export function producerOf(source: string): string | undefined {
  if (source.includes(':')) return undefined
  const [from] = splitSource(source)
  return NOT_STAGES.includes(from) ? undefined : from
}
