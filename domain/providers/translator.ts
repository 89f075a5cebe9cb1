import { createParser } from 'eventsource-parser'
import { isObject, parsed } from './json-object.ts'
import type { JsonObject, StreamTranslator, UpstreamError } from './provider.ts'

/** Characters of one event, at most: more is no model's stream, and would fill the isolate. */
const MAX_EVENT_CHARS = 8_000_000

export const DONE = 'data: [DONE]\n\n'

/** One server-sent event. */
export function sseEvent(data: JsonObject, type?: string): string {
  return `${type === undefined ? '' : `event: ${type}\n`}data: ${JSON.stringify(data)}\n\n`
}

/** Where a dialect writes to. */
export interface Out {
  write(events: string): void
  /** The answer is whole. */
  close(): void
  /** Tells the caller of the error and ends the stream. */
  fail(error: UpstreamError): void
}

/** How the events of one dialect become those of another. */
export interface Dialect {
  event(event: JsonObject): void
  /** No more comes; `said` where the stream itself said so, by `[DONE]`. */
  end(said: boolean): void
  /** The event that tells a caller of an error. */
  error(error: UpstreamError): string
  usage(): JsonObject | null
}

/** A break of the stream as callers see it. */
export function broken(message: string): UpstreamError {
  return { message, type: 'server_error', code: 'upstream_stream_error', param: null }
}

/** The error as an event of a chat or completion stream, which the SDKs of callers raise. */
export function errorEvent({ message, type, code, param }: UpstreamError): string {
  return sseEvent({ error: { message, type, param, code } })
}

/** Reads server-sent events for a dialect and holds back what it writes until it is asked for. */
export function translator(dialectTo: (out: Out) => Dialect): StreamTranslator {
  let pending = ''
  let state: 'open' | 'done' | 'failed' = 'open'
  const out: Out = {
    write(events) {
      if (state === 'open') pending += events
    },
    close() {
      if (state === 'open') state = 'done'
    },
    fail(error) {
      out.write(dialect.error(error))
      if (state === 'open') state = 'failed'
    },
  }
  const dialect = dialectTo(out)
  const parser = createParser({
    maxBufferSize: MAX_EVENT_CHARS,
    onEvent({ data }) {
      if (state !== 'open' || data === '') return
      if (data === '[DONE]') return dialect.end(true)
      const event = parsed(data)
      // What is left out of a stream would be missed by nobody: better no answer than a wrong one.
      if (isObject(event)) dialect.event(event)
      else out.fail(broken('The model sent an event that is not JSON'))
    },
    onError({ type }) {
      if (type === 'max-buffer-size-exceeded') out.fail(broken('The model sent an event that is too long'))
    },
  })
  const taken = () => {
    const events = pending
    pending = ''
    return events
  }
  return {
    feed(text) {
      if (state === 'open') parser.feed(text)
      return taken()
    },
    end() {
      // A last event without the empty line after it.
      if (state === 'open') parser.feed('\n\n')
      if (state === 'open') dialect.end(false)
      return taken()
    },
    get failed() {
      return state === 'failed'
    },
    get done() {
      return state === 'done'
    },
    get usage() {
      return dialect.usage()
    },
  }
}

/** Two translations, one behind the other. */
export function chained(first: StreamTranslator, second: StreamTranslator): StreamTranslator {
  return {
    feed: (text) => second.feed(first.feed(text)),
    end: () => second.feed(first.end()) + second.end(),
    get failed() {
      return first.failed || second.failed
    },
    get done() {
      return second.done
    },
    get usage() {
      return first.usage ?? second.usage
    },
  }
}
