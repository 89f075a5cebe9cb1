import { own } from '../own.ts'
import { namesOf } from './attribute.ts'

/** OpenTelemetry's finish reasons by what providers and libraries write for them. */
const ALIASES: Record<string, string> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  eos: 'stop',
  complete: 'stop',
  max_tokens: 'length',
  max_output_tokens: 'length',
  safety: 'content_filter',
  tool_calls: 'tool_call',
  tool_use: 'tool_call',
  function_call: 'tool_call',
}

/** Finish reasons, of a list, of JSON text (as traceAI writes it) or of one text, by OpenTelemetry's names. */
export function finishReasons(value: unknown): string[] {
  return namesOf(value).map((reason) => {
    const name = reason.toLowerCase().replaceAll('-', '_')
    return own(ALIASES, name) ?? name
  })
}
