import { compileGuardrails } from '../../domain/guardrails/compile.ts'
import type { CompiledGuardrail, GuardrailVerdict } from '../../domain/guardrails/guardrail.ts'
import type { JsonObject } from '../../domain/providers/json-object.ts'
import type { RouteTarget, RouteVersion } from '../../domain/routing/route.ts'
import type { Answer, WholeAnswer } from './outcome.ts'

/** What was found of a request and of its answers so far. */
export interface Checks {
  /** In the order in which they were given, those of answers that were not sent included. */
  verdicts: GuardrailVerdict[]
  /** What answers used that were not sent. */
  discarded: { target: RouteTarget; usage: JsonObject | null }[]
}

/** How a route version checks what it is asked and what it answers. */
interface Checking {
  request: readonly CompiledGuardrail[]
  response: readonly CompiledGuardrail[]
  /** Whether a stream must be whole before it is sent: what was sent cannot be taken back. */
  holdsStreams: boolean
}

const NOTHING: Checking = { request: [], response: [], holdsStreams: false }
/** Patterns and schemas are compiled once for a route version, not for each request. */
const compiled = new WeakMap<RouteVersion, Checking>()

export function checkingOf(spec: RouteVersion): Checking {
  if (!spec.guardrails && !spec.repair) return NOTHING
  const known = compiled.get(spec)
  if (known) return known
  const guardrails = compileGuardrails(spec)
  const response = guardrails.filter(({ on }) => on === 'response')
  const checking = {
    request: guardrails.filter(({ on }) => on === 'request'),
    response,
    holdsStreams: repairs(spec) || response.some(({ onFail }) => onFail !== 'flag'),
  }
  compiled.set(spec, checking)
  return checking
}

/** Whether answers that are not valid are asked for again. */
export function repairs(spec: RouteVersion): spec is RouteVersion & { answerSchema: object } {
  return spec.repair === true && spec.answerSchema !== undefined
}

/** Whether streams are held back and checked when they are whole, as chats: what callers read is made of them after that. */
export function checksWholeStreams(spec: RouteVersion): boolean {
  const { response, holdsStreams } = checkingOf(spec)
  return holdsStreams || (spec.commit === 'complete' && response.length > 0)
}

/** What guardrails did, for the caller: `response:Toxicity:flag, request:pii:redact`. Passes are not told. */
export function checkHeaders({ verdicts }: Checks, answer: Answer | undefined): Record<string, string> {
  const done = deeds(verdicts)
  return {
    ...(done.length > 0 ? { 'x-sluice-guardrails': done.join(', ') } : {}),
    ...(answer?.kind === 'whole' && answer.repaired ? { 'x-sluice-repaired': answer.repaired } : {}),
  }
}

/** For a span's attributes. */
export function checkAttributes(
  checks: Checks | undefined,
  repaired: WholeAnswer['repaired'],
): { 'sluice.guardrails'?: string[]; 'sluice.repaired'?: string } {
  const done = deeds(checks?.verdicts ?? [])
  return {
    ...(done.length > 0 ? { 'sluice.guardrails': done } : {}),
    ...(repaired ? { 'sluice.repaired': repaired } : {}),
  }
}

function deeds(verdicts: readonly GuardrailVerdict[]): string[] {
  const done = verdicts.filter(({ action }) => action !== 'none')
  return [...new Set(done.map(({ on, check, action }) => `${on}:${check}:${action}`))]
}

/** A flagged answer is not kept: who gets it from the cache would not be told. */
export function isFlagged(checks: Checks | undefined): boolean {
  return checks?.verdicts.some(({ on, action }) => on === 'response' && action === 'flag') === true
}
