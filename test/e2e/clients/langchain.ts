import { HumanMessage, ToolMessage, type AIMessageChunk } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { ChatOpenAI, OpenAIEmbeddings, OpenAI as LegacyOpenAI } from '@langchain/openai'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { ANSWER, USAGE } from './conversation.ts'
import type { Gateway } from './gateway.ts'

const QUESTION = 'When?'
const USED = { input_tokens: USAGE.input, output_tokens: USAGE.output }
const weather = tool(({ city }: { city: string }) => ({ Paris: '12 °C', Rome: '20 °C' })[city] ?? 'unknown', {
  name: 'get_weather',
  schema: z.object({ city: z.string() }),
})

/** LangChain.js, which asks for the usage of every stream. */
export function langchainTests(gateway: () => Gateway): void {
  const settings = () => ({ apiKey: gateway().apiKey, configuration: { baseURL: gateway().baseURL } })
  const chat = (model: string, more = {}) => new ChatOpenAI({ model, ...settings(), ...more })

  describe.each(['chat', 'claude', 'after-claude', 'after-openai'])('%s', (route) => {
    test('chat, whole and as a stream', async () => {
      const whole = await chat(route).invoke(QUESTION)
      expect(whole).toMatchObject({ content: ANSWER, usage_metadata: USED })
      const streamed = await joined(await chat(route).stream(QUESTION))
      expect(streamed).toMatchObject({ content: ANSWER, usage_metadata: USED })
    })

    test('tools, whole and as a stream, and what they said', async () => {
      const model = chat(route).bindTools([weather])
      const question = new HumanMessage('Weather in Paris and Rome?')
      const whole = await model.invoke([question])
      const streamed = await joined(await model.stream([question]))
      for (const { tool_calls } of [whole, streamed])
        expect(tool_calls).toMatchObject([
          { name: 'get_weather', args: { city: 'Paris' } },
          { name: 'get_weather', args: { city: 'Rome' } },
        ])
      const results = await Promise.all(
        streamed.tool_calls!.map(async (call) => (await weather.invoke(call)) as ToolMessage),
      )
      const answer = await model.invoke([question, streamed, ...results])
      expect(answer.content).toBe('It is 12 °C and 20 °C.')
    })

    test('a structured answer', async () => {
      const schema = z.object({ city: z.string() })
      const model = chat(route).withStructuredOutput(schema, {
        name: 'place',
        method: 'jsonSchema',
        strict: true,
      })
      expect(await model.invoke('Paris?')).toEqual({ city: 'Paris' })
    })

    test('by the Responses API', async () => {
      const model = chat(route, { useResponsesApi: true })
      expect((await model.invoke(QUESTION)).text).toBe(ANSWER)
      expect((await joined(await model.stream(QUESTION))).text).toBe(ANSWER)
    })

    test('legacy completions', async () => {
      const model = new LegacyOpenAI({ model: route, ...settings(), maxTokens: 9 })
      expect(await model.invoke(QUESTION)).toBe(ANSWER)
    })
  })

  test('embeddings', async () => {
    const embeddings = new OpenAIEmbeddings({ model: 'chat', ...settings() })
    expect(await embeddings.embedDocuments(['a', 'bc'])).toEqual([
      [1, 0, 0.5],
      [2, 1, 0.5],
    ])
    expect(await embeddings.embedQuery('parcel')).toEqual([6, 0, 0.5])
  })

  test('a wrong key, an unknown route and a spent budget are told apart, and not tried again', async () => {
    const failed = (model: ChatOpenAI) =>
      model.invoke(QUESTION).then(
        () => undefined,
        (error: unknown) => error,
      )
    expect(await failed(chat('chat', { apiKey: 'sk_sluice_wrong' }))).toMatchObject({ status: 401 })
    expect(await failed(chat('none'))).toMatchObject({ status: 404, code: 'model_not_found' })
    await failed(chat('spent'))
    await expect
      .poll(() => failed(chat('spent')))
      .toMatchObject({ name: 'InsufficientQuotaError', status: 429 })
  })

  // This client has no eye for `x-should-retry`: its own retries must be off.
  test('when all targets are down there is one clear error', async () => {
    const calls = () => ['down-1', 'down-2'].map((model) => gateway().upstream.callsOf(model).length)
    const [before] = calls()
    const asked = chat('down', { maxRetries: 0 }).invoke(QUESTION)
    await expect(asked).rejects.toThrow(/502 No target of down answered/)
    expect(calls()).toEqual([before! + 1, before! + 1])
  })

  test.each(['cut', 'cut-claude'])('%s: a stream that breaks off raises an error', async (route) => {
    await expect(async () => joined(await chat(route).stream(QUESTION))).rejects.toThrow(/broke off/)
  })

  test.each(['slow', 'slow-claude'])('%s: a caller who leaves ends what the model does', async (route) => {
    const before = gateway().upstream.callsOf('slow').length
    const stream = await chat(route).stream(QUESTION)
    for await (const _ of stream) break
    await expect
      .poll(() => gateway().upstream.callsOf('slow')[before]?.closed, { timeout: 5_000 })
      .toBe('broken')
  })
}

/** The chunks of a stream as one message. */
async function joined(stream: AsyncIterable<AIMessageChunk>): Promise<AIMessageChunk> {
  let whole: AIMessageChunk | undefined
  for await (const chunk of stream) whole = whole ? whole.concat(chunk) : chunk
  return whole!
}
