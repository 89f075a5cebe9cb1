import { parseRef, Ref } from '../../domain/ref.ts'
import type { StageContext } from '../../durable-objects/workflow-run.ts'

/** Where the things can be looked at that a stage was judged by: paths of the API, by the names of its inputs and outputs. */
export function linksOf({
  inputs,
  outputs,
}: Pick<StageContext, 'inputs' | 'outputs'>): Record<string, string> {
  const links = Object.entries({ ...inputs, ...outputs }).map(([name, value]) => [name, pathOf(value)])
  return Object.fromEntries(links.filter(([, path]) => path !== undefined)) as Record<string, string>
}

function pathOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  if (value.startsWith('eval_')) return `/api/v1/evaluations/${value}`
  const ref = Ref.safeParse(value)
  if (!ref.success) return undefined
  const { kind, name, version } = parseRef(ref.data)
  return `/api/v1/artifacts/${kind}/${name}/${version}`
}
