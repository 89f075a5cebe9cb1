import { jsonBytes, type Json } from '../domain/json.ts'
import type { Failure } from '../domain/run/state.ts'
import { MAX_OUTPUT_BYTES } from '../domain/task/contract.ts'
import type { Env } from '../workers/env.ts'
import { itemResultsPrefix, keys } from '../workers/registry/keys.ts'
import { gzipNdjson } from '../workers/registry/ndjson.ts'
import type { ItemStore } from './item-store.ts'
import type { MapSpec } from './map-run.ts'

/** Results in one object of R2: few enough to hold in memory. */
const RESULTS_A_PART = 1_000

/**
 * Writes the result of every item to R2, in the order of the list, and answers each output as the list of what the items
 * gave; a failed item gave null.
 */
export async function storeResults(
  env: Env,
  spec: MapSpec,
  items: ItemStore,
): Promise<{ outputs: Record<string, Json> } | { error: Failure }> {
  const lists: Record<string, Json[]> = Object.fromEntries(spec.outputs.map((name) => [name, []]))
  let bytes = 0
  for (let from = 0; ; from += RESULTS_A_PART) {
    const results = items.results(from, RESULTS_A_PART)
    if (results.length === 0) return { outputs: { ...lists, results: itemResultsPrefix(spec) } }
    const lines = results.map((result) => JSON.stringify(result))
    await env.ARTIFACTS.put(keys.itemResults(spec, from), await gzipNdjson(lines))
    for (const { state, result } of results) {
      for (const [name, list] of Object.entries(lists)) {
        const value = state === 'done' ? (result as Record<string, Json>)[name]! : null
        bytes += jsonBytes(value) + 1
        list.push(value)
      }
    }
    if (bytes > MAX_OUTPUT_BYTES) return { error: tooLarge(bytes, from + results.length) }
  }
}

function tooLarge(bytes: number, items: number): Failure {
  return {
    code: 'task.outputs',
    message: `The outputs of the first ${items} items are ${bytes} bytes of JSON; at most ${MAX_OUTPUT_BYTES} are taken in all: declare no output, and read the results where they are stored`,
  }
}
