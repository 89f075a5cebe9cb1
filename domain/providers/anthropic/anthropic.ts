import { chatRequest, completionOf as legacyCompletion, completionStream } from '../completions.ts'
import { Untranslatable, type Provider } from '../provider.ts'
import { chained } from '../translator.ts'
import { anthropicError } from './error.ts'
import { messagesRequest } from './request.ts'
import { completionOf } from './response.ts'
import { messagesStream } from './stream.ts'

/** Version of the API that this translates, see https://platform.claude.com/docs/en/api/versioning */
const VERSION = '2023-06-01'

/** Anthropic's Messages API. Legacy completions are answered by way of a chat. */
export const anthropic: Provider = {
  name: 'anthropic',
  request(kind, body, { servedModel }) {
    if (kind === 'embeddings') throw new Untranslatable('model', 'Anthropic has no embeddings')
    return {
      path: '/messages',
      headers: { 'content-type': 'application/json' },
      body: messagesRequest(kind === 'chat' ? body : chatRequest(body), servedModel),
    }
  },
  auth: (secret) => ({ 'anthropic-version': VERSION, ...(secret === '' ? {} : { 'x-api-key': secret }) }),
  response(json, asked) {
    const chat = completionOf(json, asked)
    return asked.kind === 'completions' ? legacyCompletion(chat) : chat
  },
  error: anthropicError,
  stream(asked) {
    const chat = messagesStream(asked)
    return asked.kind === 'completions' ? chained(chat, completionStream()) : chat
  },
}
