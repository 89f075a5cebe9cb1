import { chatRequest, completionOf as legacyCompletion, completionStream } from '../completions.ts'
import { bearer } from '../openai.ts'
import type { Provider } from '../provider.ts'
import { chained } from '../translator.ts'
import { embeddingsInput, embeddingsOf } from './embeddings.ts'
import { workersAiError } from './error.ts'
import { chatInput } from './request.ts'
import { completionOf } from './response.ts'
import { runStream } from './stream.ts'

/**
 * Models of Workers AI behind the binding: `env.AI.run(path, body)`. Legacy completions are answered by way of a chat.
 * The key is needed over REST only.
 */
export const workersAi: Provider = {
  name: 'workers-ai',
  request(kind, body, { servedModel }) {
    const input =
      kind === 'embeddings' ? embeddingsInput(body) : chatInput(kind === 'chat' ? body : chatRequest(body))
    return { path: servedModel, headers: {}, body: input }
  },
  auth: bearer,
  response(json, asked) {
    if (asked.kind === 'embeddings') return embeddingsOf(json, asked)
    const chat = completionOf(json, asked)
    return asked.kind === 'completions' ? legacyCompletion(chat) : chat
  },
  error: workersAiError,
  stream(asked) {
    const chat = runStream(asked)
    return asked.kind === 'completions' ? chained(chat, completionStream()) : chat
  },
}
