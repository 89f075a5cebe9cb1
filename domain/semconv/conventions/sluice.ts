import { Ref, parseRef } from '../../ref.ts'
import { first, nameIn, namesOf } from '../attribute.ts'
import { stated, type Convention } from './convention.ts'

/**
 * What Sluice's gateway adds to OpenTelemetry's names, which it uses for the rest (workers/gateway/span.ts). A client
 * names the cohort of its own span as `sluice.cohort`, as it does to the gateway with the header `x-sluice-cohort`.
 */
export const sluice: Convention = {
  name: 'sluice',
  read({ attributes: a }) {
    const { name = null, version = null } = promptOf(first(a, 'sluice.prompt.rendered')) ?? {}
    return stated({
      promptName: name,
      promptVersion: version,
      guardrails: namesOf(first(a, 'sluice.guardrails')),
      cohort: nameIn(a, 'sluice.cohort'),
    })
  },
}

/** Name and version of a prompt's ref; undefined for what is none. */
export function promptOf(ref: unknown): { name: string; version: string } | undefined {
  // Most spans have none, and to parse nothing costs more than a convention's whole reading.
  const { data } = ref === undefined || ref === null ? {} : Ref.safeParse(ref)
  return data === undefined ? undefined : parseRef(data)
}
