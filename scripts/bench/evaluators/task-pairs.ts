import { exactly, type ToolCall } from '../../../domain/dataset/tool-call.ts'
import { readTrajectory } from '../../../domain/dataset/tool-call-wire.ts'
import type { EvaluatorInput } from '../../../domain/evaluators/evaluator.ts'
import type { Json } from '../../../domain/json.ts'

/** A row of a set of agents' trajectories; tau-bench's shape. */
export interface TaskRow {
  id: string
  group: string
  expected_actions: { name: string; kwargs: Record<string, Json> }[]
  /** Texts that the agent must have said. */
  expected_outputs: string[]
  transcript: { role: string; content?: string | null; tool_calls?: unknown[] }[]
  /** The reward. */
  label: 0 | 1
}

export interface TaskPair {
  id: string
  group: string
  label: 0 | 1
  input: EvaluatorInput
  reference: Pick<EvaluatorInput, 'expectedToolCalls' | 'reference'>
}

/**
 * The trajectory as an evaluator gets it: the agent's last text is the response, what was said before it the messages,
 * what the tools answered the context, and every call made is among `toolCalls`, those that failed marked so. What the
 * user says after the last text is left out: a thank-you tells nothing. Pure.
 */
export function taskPairs(rows: readonly TaskRow[]): TaskPair[] {
  return rows.map(({ id, group, label, transcript, expected_actions, expected_outputs }) => {
    const last = transcript.findLastIndex(({ role, content }) => role === 'assistant' && isText(content))
    const toolCalls: ToolCall[] = readTrajectory(transcript)
    return {
      id,
      group,
      label,
      input: {
        messages: transcript
          .slice(0, Math.max(0, last))
          .flatMap(({ role, content }) =>
            (role === 'user' || role === 'assistant' || role === 'system') && isText(content)
              ? [{ role, content }]
              : [],
          ),
        context: transcript.flatMap(({ role, content }) =>
          role === 'tool' && isText(content) ? [content] : [],
        ),
        response: transcript[last]?.content ?? '',
        toolCalls,
      },
      reference: {
        expectedToolCalls: expected_actions.map(({ name, kwargs }) => exactly({ name, arguments: kwargs })),
        ...(expected_outputs.length > 0 ? { reference: expected_outputs.join('\n') } : {}),
      },
    }
  })
}

function isText(content: unknown): content is string {
  return typeof content === 'string' && content.trim() !== ''
}
