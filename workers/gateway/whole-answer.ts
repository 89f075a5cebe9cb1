import { isObject, parsed, type JsonObject } from '../../domain/providers/json-object.ts'
import type { Kind } from '../../domain/providers/provider.ts'
import { providerOf } from '../../domain/providers/registry.ts'
import type { RouteTarget } from '../../domain/routing/route.ts'
import { askedOf, type Call } from './call.ts'
import { completeStream, type StreamTimes } from './complete-stream.ts'
import { noResponse } from './failure.ts'
import { translatorOf } from './open-stream.ts'
import type { Answer, Failure, WholeAnswer } from './outcome.ts'
import { giveUp, type Patience } from './patience.ts'
import { readBody } from './whole-body.ts'

/** Answers up to here are read, and must be JSON; of longer ones (embeddings) only the ends are looked at. */
const MAX_PARSED_BYTES = 1_000_000

const decoder = new TextDecoder()

/** An answer read to its end, so that one that breaks off or is none is a failed attempt. */
export async function wholeAnswer(
  call: Call,
  target: RouteTarget,
  response: Response,
  patience: Patience,
): Promise<Answer | Failure> {
  const { status } = response
  const read = await readBody(response)
  const provider = providerOf(target)
  const asIs = provider.name === 'openai' && !call.answerAs
  if ('head' in read) {
    if (asIs && beginsAsJson(read.head))
      return { kind: 'large', status: 200, contentType: 'application/json', patience, ...read }
    await read.rest.cancel()
    return noResponse('not_json', status)
  }
  const sent = 'text' in read ? read.text : read.bytes
  if (asIs && typeof sent !== 'string' && sent.byteLength > MAX_PARSED_BYTES)
    return looksWhole(sent)
      ? { kind: 'whole', status: 200, contentType: 'application/json', body: sent, json: undefined }
      : noResponse('not_json', status)
  const json = parsed(typeof sent === 'string' ? sent : decoder.decode(sent))
  if (!isObject(json)) return noResponse('not_json', status)
  if (isObject(json.error) && json.choices === undefined && json.data === undefined)
    return noResponse('in_band_error', status)
  if (asIs)
    return answers(json, call.asked.kind)
      ? { kind: 'whole', status: 200, contentType: 'application/json', body: sent, json }
      : noResponse('no_answer', status)
  try {
    const chat = provider.response(json, askedOf(call))
    const body = JSON.stringify(call.answerAs ? call.answerAs.response(chat) : chat)
    return { kind: 'whole', status: 200, contentType: 'application/json', body, json: chat }
  } catch {
    // Not an answer of this provider.
    return noResponse('not_json', status)
  }
}

/** A stream read to its end before any of it is sent. */
export async function wholeStream(
  call: Call,
  target: RouteTarget,
  { body, status }: Response,
  patience: Patience,
  times: StreamTimes,
): Promise<WholeAnswer | Failure> {
  if (!body) return noResponse('empty_stream', status)
  const translator = translatorOf(call, target)
  const stream = await completeStream(body as ReadableStream<Uint8Array>, translator, patience, times)
  if (typeof stream === 'string') {
    giveUp(patience)
    return noResponse(stream, status)
  }
  const { text } = stream
  return { kind: 'whole', status: 200, contentType: 'text/event-stream', body: text, json: undefined, stream }
}

/** Whether a JSON object is what was asked for: a service that is something else may say `{"status": "ok"}`. */
function answers({ choices, data }: JsonObject, kind: Kind): boolean {
  return Array.isArray(kind === 'embeddings' ? data : choices)
}

/** Endpoints that keep a connection alive send blanks first. */
function beginsAsJson(head: readonly Uint8Array[]): boolean {
  for (const chunk of head) {
    const text = decoder.decode(chunk.subarray(0, 1_024)).trimStart()
    if (text !== '') return text.startsWith('{')
  }
  return false
}

/** Whether a long JSON text at least begins and ends as an object does. */
function looksWhole(bytes: ArrayBuffer | Uint8Array): boolean {
  const view = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)
  const ends = decoder.decode(view.subarray(0, 64)).trimStart() + decoder.decode(view.subarray(-64)).trimEnd()
  return ends.startsWith('{') && ends.endsWith('}')
}
