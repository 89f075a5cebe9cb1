import type { RouteTarget } from '../routing/route.ts'
import type { JsonObject } from './json-object.ts'

export type { JsonObject } from './json-object.ts'

/** What is asked of a model, by OpenAI's endpoints. */
export type Kind = 'chat' | 'completions' | 'embeddings'

/** The caller's request, as its answer needs it. */
export interface Asked {
  kind: Kind
  /** The OpenAI-shaped body, before translation. */
  body: JsonObject
  /** Names the answer where the provider gives it no id. */
  id: string
  /** When it was asked: providers other than OpenAI do not say when an answer was made. */
  at: Date
}

export interface UpstreamRequest {
  /** Beneath the target's base URL; for Workers AI the model to run. */
  path: string
  /** Without those of `auth`. */
  headers: Record<string, string>
  body: JsonObject
}

/** The parts of an OpenAI error. */
export interface UpstreamError {
  message: string
  type: string
  /** OpenAI's code for the same fault (`context_length_exceeded`, `model_not_found`…), or null. */
  code: string | null
  param: string | null
}

/** An API that a target may speak. Callers always speak OpenAI's. */
export interface Provider {
  readonly name: 'openai' | 'anthropic' | 'workers-ai'
  /**
   * The upstream request for an OpenAI-shaped one.
   *
   * @throws Untranslatable where the provider cannot do what is asked.
   */
  request(kind: Kind, body: JsonObject, target: Pick<RouteTarget, 'servedModel' | 'baseUrl'>): UpstreamRequest
  /** Headers that carry the target's key. */
  auth(secret: string): Record<string, string>
  /**
   * An OpenAI-shaped answer from the provider's.
   *
   * @throws TypeError where it is no answer of this provider.
   */
  response(json: unknown, asked: Asked): JsonObject
  /** OpenAI's error for a failed answer; the body may be anything. */
  error(status: number, body: string): UpstreamError
  /** Translates a stream; absent where it passes through untouched. */
  stream?(asked: Asked): StreamTranslator
}

/** Turns one answer's stream into another dialect's server-sent events. It holds state: one for each stream. */
export interface StreamTranslator {
  /**
   * The events for a piece of the stream, which may be cut between any two characters (decode it with
   * `TextDecoder({ stream: true })`). Empty until there is something of the answer, or of an error, to send.
   */
  feed(text: string): string
  /**
   * What is left to send when no more comes: nothing where the stream said itself that it was over (`feed` then gave the
   * last events, with `[DONE]`), an error event where it broke off.
   */
  end(): string
  /** Whether the stream carried an error, or ended before its end. Nothing is sent after the error. */
  readonly failed: boolean
  /** Whether the answer is whole and sent: what happens to the stream later is of no matter. */
  readonly done: boolean
  /** What the answer used, as in an OpenAI completion; null until it is known. */
  readonly usage: JsonObject | null
}

/** A request that a provider cannot carry out, whatever its state: the caller's to change. */
export class Untranslatable extends Error {
  readonly param: string

  constructor(param: string, message: string) {
    super(message)
    this.name = 'Untranslatable'
    this.param = param
  }
}
