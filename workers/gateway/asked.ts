import { isObject, type JsonObject } from '../../domain/providers/json-object.ts'
import type { Kind } from '../../domain/providers/provider.ts'
import { isDeeperThan } from '../../domain/nesting.ts'
import { ProblemError } from '../../domain/problem.ts'
import { readLimited } from '../endpoints/read-limited.ts'
import { invalid } from './errors.ts'

/** Larger requests are refused: text, its JSON and what is made of it must fit an isolate of 128 MB, beside others. */
const MAX_REQUEST_BYTES = 20_000_000

/** Deeper ones of a few megabytes take seconds to write anew; what is shorter than this cannot be deep enough for that. */
const MAX_DEPTH = 512
const MAX_UNCHECKED_CHARS = 50_000

/** What the caller sent. The text is kept, since most targets get it as it came. */
export interface AskedBody {
  kind: Kind
  text: string
  body: JsonObject
  /** The name in `model`. */
  route: string
  stream: boolean
  /** The knowledge in the prompt that the gateway rendered, an item a line. */
  context?: string[]
}

/** The field without which there is nothing to ask, by kind. */
const NEEDED: Record<Kind, { field: string; fault(value: unknown): string | undefined }> = {
  chat: {
    field: 'messages',
    fault: (value) =>
      Array.isArray(value) && value.length > 0 && value.every(isObject)
        ? undefined
        : 'messages must be an array of at least one message',
  },
  completions: {
    field: 'prompt',
    fault: (value) => (isTextOrList(value) ? undefined : 'prompt must be a string or an array'),
  },
  embeddings: {
    field: 'input',
    fault: (value) => (isTextOrList(value) ? undefined : 'input must be a string or an array, and not empty'),
  },
}

/** Reads a request, and checks by hand the little that the gateway itself needs: the rest is for the target to judge. */
export async function readAsked(kind: Kind, request: Request): Promise<AskedBody> {
  return asked(kind, await readNamed(request))
}

/** A request of any API of ours: a JSON object, its text, and the route that it names. */
export type Named = Pick<AskedBody, 'text' | 'body' | 'route'>

export async function readNamed(request: Request): Promise<Named> {
  const text = await readText(request)
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw invalid('The body is not JSON')
  }
  if (!isObject(body)) throw invalid('The body is not a JSON object')
  if (text.length > MAX_UNCHECKED_CHARS && isDeeperThan(MAX_DEPTH, body))
    throw invalid(`The body is nested deeper than ${MAX_DEPTH} levels`)
  const { model } = body
  if (typeof model !== 'string' || model === '') throw invalid('model must name a route', 'model')
  return { text, body, route: model }
}

export function asked(kind: Kind, named: Named): AskedBody {
  const { body } = named
  const folded = Object.keys(body).find(isFolded)
  if (folded !== undefined)
    throw invalid(`${folded} is written ${foldOf(folded)}: some servers would read it as that`, folded)
  const { field, fault } = NEEDED[kind]
  const wrong = fault(body[field])
  if (wrong !== undefined) throw invalid(wrong, field)
  return { kind, ...named, stream: body.stream === true && kind !== 'embeddings' }
}

async function readText(request: Request): Promise<string> {
  const length = request.headers.get('content-length')
  if (length !== null && Number(length) <= MAX_REQUEST_BYTES) return request.text()
  if (length !== null) {
    await discard(request, Number(length))
    throw tooLarge()
  }
  return new TextDecoder().decode(await readLimited(request, MAX_REQUEST_BYTES, 'The request'))
}

/** Most clients read no answer before they have sent all: what Cloudflare lets through at all is read to its end, and thrown away. */
const MAX_DISCARDED_BYTES = 100_000_000
const DISCARD_MS = 10_000

async function discard({ body }: Request, length: number): Promise<void> {
  if (!body || !(length <= MAX_DISCARDED_BYTES)) return
  const signal = AbortSignal.timeout(DISCARD_MS)
  await body.pipeTo(new WritableStream(), { signal }).catch(() => undefined)
}

function tooLarge(): ProblemError {
  return new ProblemError('body.too_large', `The request is larger than ${MAX_REQUEST_BYTES} bytes`)
}

/** Fields that say what is asked, of whom. */
const MEANT: ReadonlySet<string> = new Set(['model', 'messages', 'prompt', 'input', 'suffix', 'stream'])
const PLAIN = /^[a-z0-9_]*$/

/**
 * Whether a field is another one but for case, which Go's `encoding/json` does not tell apart: a `Model` would choose
 * another model than the route does, and `Messages` pass its guardrails by.
 */
function isFolded(field: string): boolean {
  return !PLAIN.test(field) && MEANT.has(foldOf(field))
}

/** Upper case first: it folds `ſ`, too. */
function foldOf(field: string): string {
  return field.toUpperCase().toLowerCase()
}

function isTextOrList(value: unknown): boolean {
  return typeof value === 'string' ? value !== '' : Array.isArray(value) && value.length > 0
}
