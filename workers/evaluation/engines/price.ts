import type { JudgePrice } from './judge-endpoints.ts'

/** Characters of one token, about, of English text: for what has not been counted by the endpoint. */
const CHARS_A_TOKEN = 4

export function estimatedTokens(messages: readonly { content: string }[]): number {
  return Math.ceil(messages.reduce((sum, { content }) => sum + content.length, 0) / CHARS_A_TOKEN)
}

/** US dollars. */
export function tokenCost(
  { inputUsdPerMTok, outputUsdPerMTok }: JudgePrice,
  inputTokens: number,
  outputTokens: number,
): number {
  return (inputTokens * inputUsdPerMTok + outputTokens * outputUsdPerMTok) / 1e6
}
