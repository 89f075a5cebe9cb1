import type { JsonObject } from '../../domain/providers/json-object.ts'
import { Untranslatable, type Asked } from '../../domain/providers/provider.ts'
import { chatRequest } from '../../domain/providers/responses/request.ts'
import { responseOf } from '../../domain/providers/responses/response.ts'
import { responseStream } from '../../domain/providers/responses/stream.ts'
import { randomHex } from '../ids.ts'
import { asked, readNamed, type AskedBody } from './asked.ts'
import type { AnswerAs } from './call.ts'
import { invalid } from './errors.ts'

/** OpenAI's Responses API, asked and answered by way of a chat. */
export async function readResponsesRequest(
  request: Request,
): Promise<{ asked: AskedBody; answerAs: AnswerAs; body: JsonObject }> {
  const { body, route } = await readNamed(request)
  const original: Asked = {
    kind: 'chat',
    body,
    id: `resp_${randomHex(16)}`,
    at: new Date(),
  }
  try {
    const chat = chatRequest(body)
    return {
      body,
      asked: asked('chat', { text: JSON.stringify(chat), body: chat, route }),
      answerAs: {
        response: (answer) => responseOf(answer, original),
        stream: () => responseStream(original),
      },
    }
  } catch (error) {
    if (error instanceof Untranslatable) throw invalid(error.message, error.param)
    throw error
  }
}
