import { isObject, objectsOf, type JsonObject } from './json-object.ts'

/** An error as a server put it. */
export interface ErrorObject {
  error: JsonObject
  /** Undefined where it says nothing. */
  message: string | undefined
}

/**
 * The error in a body, in the shapes of OpenAI, Anthropic, vLLM, Google, FastAPI and Cloudflare: `{error: {…}}`,
 * `{error: '…'}`, `[{error: {…}}]`, `{errors: [{…}]}`, `{message}`, `{detail}`.
 */
export function errorObjectIn(json: unknown): ErrorObject {
  const outer = isObject(json) ? json : (objectsOf(json)[0] ?? {})
  const [listed] = objectsOf(outer.errors)
  const error = isObject(outer.error) ? outer.error : (listed ?? outer)
  const said = [error, outer].flatMap(({ message, error: word, detail }) => [message, word, detail])
  return {
    error,
    message: said.find((text) => typeof text === 'string' && text !== '') as string | undefined,
  }
}
