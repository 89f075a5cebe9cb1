import { shortRef } from '../../format/ref.ts'

/** Who answered: a model, a route, an endpoint; or nobody anew, where the rows have their answers. */
export function targetText(target: string): string {
  return target === 'stored' ? 'Stored answers' : shortRef(target)
}

/** The dataset of an evaluation by its name; null where the rows were traces. */
export function datasetName(source: string): string | null {
  return /^dataset:([^@]+)@/.exec(source)?.[1] ?? null
}

/** `NAME@VERSION` of a dataset's ref, as two parts; null where the rows were traces. */
export function datasetVersion(source: string): { name: string; version: string } | null {
  const [, name, version] = /^dataset:([^@]+)@(.+)$/.exec(source) ?? []
  return name === undefined || version === undefined ? null : { name, version }
}
