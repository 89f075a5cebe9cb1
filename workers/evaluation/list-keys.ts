import type { Env } from '../env.ts'

/** Keys of the objects with a prefix, in order, a page of the listing at a time. */
export async function* listKeys(env: Env, prefix: string): AsyncGenerator<string> {
  let cursor: string | undefined
  do {
    const page = await env.ARTIFACTS.list({ prefix, ...(cursor ? { cursor } : {}) })
    for (const { key } of page.objects) yield key
    cursor = page.truncated ? page.cursor : undefined
  } while (cursor !== undefined)
}
