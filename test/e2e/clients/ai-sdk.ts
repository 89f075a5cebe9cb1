import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { embedMany, generateText, isStepCount, Output, streamText, tool } from 'ai'
import { beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { ANSWER, USAGE } from './conversation.ts'
import type { Gateway } from './gateway.ts'

const prompt = 'When?'
const USED = { inputTokens: USAGE.input, outputTokens: USAGE.output }
const TEMPERATURES: Record<string, string> = { Paris: '12 °C', Rome: '20 °C' }
const tools = {
  get_weather: tool({
    inputSchema: z.object({ city: z.string() }),
    execute: ({ city }) => TEMPERATURES[city]!,
  }),
}

/** Vercel's AI SDK with its provider for OpenAI-compatible APIs. */
export function aiSdkTests(gateway: () => Gateway): void {
  let sluice: ReturnType<typeof createOpenAICompatible>
  beforeAll(() => {
    const { baseURL, apiKey } = gateway()
    const settings = { name: 'sluice', baseURL, apiKey, includeUsage: true, supportsStructuredOutputs: true }
    sluice = createOpenAICompatible(settings)
  })

  describe.each(['chat', 'claude', 'after-claude', 'after-openai'])('%s', (route) => {
    test('text, whole and as a stream', async () => {
      const whole = await generateText({ model: sluice(route), prompt, system: 'Be brief.' })
      expect(whole).toMatchObject({ text: ANSWER, finishReason: 'stop', usage: USED })
      const stream = streamText({ model: sluice(route), prompt })
      expect(await stream.text).toBe(ANSWER)
      expect(await stream.finishReason).toBe('stop')
      expect(await stream.usage).toMatchObject(USED)
    })

    test('an agent asks its tools and answers, whole and as a stream', async () => {
      const asked = {
        model: sluice(route),
        prompt: 'Weather in Paris and Rome?',
        tools,
        stopWhen: isStepCount(3),
      }
      const whole = await generateText(asked)
      const stream = streamText(asked)
      for (const [text, steps] of [
        [whole.text, whole.steps],
        [await stream.text, await stream.steps],
      ] as const) {
        expect(text).toMatch(/^It is .*12 °C.* and .*20 °C/)
        expect(steps.map(({ finishReason }) => finishReason)).toEqual(['tool-calls', 'stop'])
        expect(steps[0]!.toolCalls.map(({ input }) => input)).toEqual([{ city: 'Paris' }, { city: 'Rome' }])
      }
    })

    test('a structured answer', async () => {
      const output = Output.object({ schema: z.object({ city: z.string() }) })
      const answer = await generateText({ model: sluice(route), prompt: 'Paris?', output })
      expect(answer.output).toEqual({ city: 'Paris' })
    })

    test('legacy completions', async () => {
      expect(await generateText({ model: sluice.completionModel(route), prompt })).toMatchObject({
        text: ANSWER,
      })
    })
  })

  test('embeddings', async () => {
    const model = sluice.embeddingModel('chat')
    const { embeddings } = await embedMany({ model, values: ['a', 'bc'] })
    expect(embeddings).toEqual([
      [1, 0, 0.5],
      [2, 1, 0.5],
    ])
  })

  test('a wrong key, an unknown route and a spent budget are told apart', async () => {
    const { baseURL } = gateway()
    const stranger = createOpenAICompatible({ name: 'sluice', baseURL, apiKey: 'sk_sluice_wrong' })
    const failed = (model: Parameters<typeof generateText>[0]['model']) =>
      generateText({ model, prompt, maxRetries: 0 }).then(
        () => undefined,
        (error: unknown) => error,
      )
    expect(await failed(stranger('chat'))).toMatchObject({ statusCode: 401, isRetryable: false })
    expect(await failed(sluice('none'))).toMatchObject({ statusCode: 404, message: 'There is no route none' })
    await failed(sluice('spent'))
    await expect.poll(() => failed(sluice('spent'))).toMatchObject({ statusCode: 429 })
  })

  // This client has no eye for `x-should-retry`: its own retries must be off.
  test('when all targets are down there is one clear error', async () => {
    const calls = () => ['down-1', 'down-2'].map((model) => gateway().upstream.callsOf(model).length)
    const [before] = calls()
    const asked = generateText({ model: sluice('down'), prompt, maxRetries: 0 })
    await expect(asked).rejects.toMatchObject({
      statusCode: 502,
      message: expect.stringContaining('No target of down answered') as string,
    })
    expect(calls()).toEqual([before! + 1, before! + 1])
  })

  test.each(['cut', 'cut-claude'])('%s: a stream that breaks off is an error', async (route) => {
    const errors: unknown[] = []
    const stream = streamText({
      model: sluice(route),
      prompt,
      onError: ({ error }) => void errors.push(error),
    })
    const parts = await Array.fromAsync(stream.fullStream)
    expect(JSON.stringify(parts.find(({ type }) => type === 'error'))).toContain('broke off')
    expect(errors).toHaveLength(1)
    expect(
      ANSWER.startsWith(parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('')),
    ).toBe(true)
  })

  test.each(['slow', 'slow-claude'])('%s: a caller who leaves ends what the model does', async (route) => {
    const before = gateway().upstream.callsOf('slow').length
    const leaving = new AbortController()
    const stream = streamText({ model: sluice(route), prompt, abortSignal: leaving.signal })
    for await (const _ of stream.textStream) leaving.abort()
    await expect
      .poll(() => gateway().upstream.callsOf('slow')[before]?.closed, { timeout: 5_000 })
      .toBe('broken')
  })
}
