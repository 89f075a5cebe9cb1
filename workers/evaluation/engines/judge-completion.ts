import * as z from 'zod'
import { withoutKeys } from './ask-judge-model.ts'
import { estimatedTokens } from './price.ts'

/** Text as it is, or in the parts that some endpoints give. */
const Content = z
  .union([
    z.string(),
    z
      .array(z.object({ text: z.string().optional() }))
      .transform((parts) => parts.map(({ text = '' }) => text).join('')),
  ])
  .nullish()

const Completion = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content: Content, refusal: z.string().nullish() }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: z
    .object({ prompt_tokens: z.number().min(0), completion_tokens: z.number().min(0) })
    .optional()
    .catch(undefined),
})
/** What some endpoints answer with status 200. */
const Failure = z.object({ error: z.object({ message: z.string() }) })

/** An answer to a question, with its tokens: those that the endpoint counted, else about as many. */
export type JudgeCompletion = ({ text: string } | { problem: string }) & {
  inputTokens: number
  outputTokens: number
  /** The model says that it will not. */
  isRefusal: boolean
  /** The answer ended at the most tokens that it may have. */
  isCut: boolean
}

export function readJudgeCompletion(
  answer: unknown,
  messages: readonly { content: string }[],
  keys: readonly string[],
): JudgeCompletion {
  const parsed = Completion.safeParse(answer)
  if (!parsed.success) {
    const said = Failure.safeParse(answer).data?.error.message
    const problem = `its answer is no chat completion${said === undefined ? '' : `: ${withoutKeys(said, keys).slice(0, 200)}`}`
    return { problem, inputTokens: 0, outputTokens: 0, isRefusal: false, isCut: false }
  }
  const { message, finish_reason } = parsed.data.choices[0]!
  const text = message.content ?? ''
  const { usage } = parsed.data
  return {
    text,
    inputTokens: usage?.prompt_tokens ?? estimatedTokens(messages),
    outputTokens: usage?.completion_tokens ?? estimatedTokens([{ content: text }]),
    isRefusal: text === '' && typeof message.refusal === 'string' && message.refusal !== '',
    isCut: finish_reason === 'length',
  }
}
