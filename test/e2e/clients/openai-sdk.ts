import OpenAI from 'openai'
import { zodResponseFormat } from 'openai/helpers/zod'
import { beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { ANSWER, USAGE } from './conversation.ts'
import type { Gateway } from './gateway.ts'

const ask = (text: string) => [{ role: 'user' as const, content: text }]
const TOOL = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
}
const USED = { prompt_tokens: USAGE.input, completion_tokens: USAGE.output, total_tokens: 17 }

/** The official SDK, as it comes. */
export function openaiSdkTests(gateway: () => Gateway): void {
  let openai: OpenAI
  beforeAll(() => {
    openai = new OpenAI(gateway())
  })

  describe.each(['chat', 'claude', 'after-claude', 'after-openai'])('%s', (model) => {
    test('chat', async () => {
      const { choices, usage, object } = await openai.chat.completions.create({
        model,
        messages: ask('When?'),
      })
      expect(object).toBe('chat.completion')
      expect(choices[0]).toMatchObject({
        message: { role: 'assistant', content: ANSWER },
        finish_reason: 'stop',
      })
      expect(usage).toMatchObject(USED)
    })

    test('chat as a stream', async () => {
      const stream = openai.chat.completions.stream({
        model,
        messages: ask('When?'),
        stream_options: { include_usage: true },
      })
      const { choices, usage } = await stream.finalChatCompletion()
      expect(choices[0]).toMatchObject({ message: { content: ANSWER }, finish_reason: 'stop' })
      expect(usage).toMatchObject(USED)
    })

    test('tools, whole and as a stream, and what they said', async () => {
      const messages = ask('Weather in Paris and Rome?')
      const whole = await openai.chat.completions.create({ model, messages, tools: [TOOL] })
      const stream = openai.chat.completions.stream({ model, messages, tools: [TOOL] })
      for (const { choices } of [whole, await stream.finalChatCompletion()]) {
        expect(choices[0]!.finish_reason).toBe('tool_calls')
        expect(choices[0]!.message.tool_calls).toMatchObject([
          { type: 'function', function: { name: 'get_weather', arguments: '{"city":"Paris"}' } },
          { type: 'function', function: { name: 'get_weather', arguments: '{"city":"Rome"}' } },
        ])
      }
      const { message } = whole.choices[0]!
      const results = message.tool_calls!.map(({ id }, i) => ({
        role: 'tool' as const,
        tool_call_id: id,
        content: ['12 °C', '20 °C'][i]!,
      }))
      // The last question comes without tools.
      for (const tools of [[TOOL], undefined]) {
        const body = { model, messages: [...messages, message, ...results], ...(tools ? { tools } : {}) }
        const { choices } = await openai.chat.completions.create(body)
        expect(choices[0]!.message.content).toBe('It is 12 °C and 20 °C.')
      }
    })

    test('an image and a structured answer', async () => {
      const image = { type: 'image_url' as const, image_url: { url: 'data:image/jpg;base64,/9j/4AA=' } }
      const { choices } = await openai.chat.completions.parse({
        model,
        messages: [
          { role: 'developer', content: 'Name the city.' },
          { role: 'user', content: [{ type: 'text', text: 'Paris?' }, image] },
        ],
        response_format: zodResponseFormat(z.object({ city: z.string() }), 'place'),
      })
      expect(choices[0]!.message.parsed).toEqual({ city: 'Paris' })
    })

    test('legacy completions, whole and as a stream', async () => {
      const whole = await openai.completions.create({ model, prompt: 'When?', max_tokens: 9 })
      expect(whole.choices[0]).toMatchObject({ text: ANSWER, finish_reason: 'stop' })
      let text = ''
      for await (const { choices } of await openai.completions.create({
        model,
        prompt: 'When?',
        stream: true,
      }))
        text += choices[0]?.text ?? ''
      expect(text).toBe(ANSWER)
    })

    test('responses, whole and as a stream, with tools', async () => {
      const tools = [{ type: 'function' as const, strict: false, ...TOOL.function }]
      const asked = { model, instructions: 'Be brief.', metadata: { cohort: 'beta' }, tools }
      const whole = await openai.responses.create({ ...asked, input: 'When?' })
      expect(whole).toMatchObject({ status: 'completed', output_text: ANSWER, usage: { total_tokens: 17 } })
      const input: OpenAI.Responses.ResponseInput = [{ role: 'user', content: 'Weather in Paris?' }]
      const stream = openai.responses.stream({ ...asked, input })
      const { output } = await stream.finalResponse()
      expect(output).toMatchObject([
        { type: 'function_call', name: 'get_weather', arguments: '{"city":"Paris"}' },
      ])
      const [call] = output as OpenAI.Responses.ResponseFunctionToolCall[]
      const result = { type: 'function_call_output' as const, call_id: call!.call_id, output: '12 °C' }
      const events = await openai.responses.create({
        ...asked,
        input: [...input, call!, result],
        stream: true,
      })
      const seen: OpenAI.Responses.ResponseStreamEvent[] = []
      for await (const event of events) seen.push(event)
      expect(seen.map(({ sequence_number }) => sequence_number)).toEqual(seen.map((_, i) => i))
      const texts = seen.flatMap((event) =>
        event.type === 'response.output_text.delta' ? [event.delta] : [],
      )
      expect(texts.join('')).toBe('It is 12 °C.')
      expect(seen.at(-1)).toMatchObject({
        type: 'response.completed',
        response: { usage: { total_tokens: 17 } },
      })
    })
  })

  test('what has answered is told in headers', async () => {
    const { response, request_id } = await openai.chat.completions
      .create({ model: 'after-openai', messages: ask('When?') })
      .withResponse()
    expect(request_id).toMatch(/^req_/)
    expect(response.headers.get('x-sluice-attempts')).toMatch(/^[12]$/)
    expect(response.headers.get('x-sluice-fallback-reason')).toMatch(/^(HTTP 500|its breaker is open)$/)
  })

  test('embeddings of a text and of texts', async () => {
    const one = await openai.embeddings.create({ model: 'chat', input: 'parcel' })
    expect(one.data[0]!.embedding).toEqual([6, 0, 0.5])
    const many = await openai.embeddings.create({
      model: 'after-claude',
      input: ['a', 'bc'],
      encoding_format: 'float',
    })
    expect(many.data.map(({ embedding }) => embedding)).toEqual([
      [1, 0, 0.5],
      [2, 1, 0.5],
    ])
    const none = openai.embeddings.create({ model: 'claude', input: 'parcel' })
    await expect(none).rejects.toThrow(/400.*Anthropic has no embeddings/)
  })

  test('routes are models', async () => {
    const ids: string[] = []
    for await (const { id } of openai.models.list()) ids.push(id)
    expect(ids).toEqual(expect.arrayContaining(['chat', 'claude']))
    expect(await openai.models.retrieve('chat')).toMatchObject({ id: 'chat', object: 'model' })
    await expect(openai.models.retrieve('none')).rejects.toBeInstanceOf(OpenAI.NotFoundError)
  })

  test('a wrong key, an unknown route, a spent budget and a bad request are told apart', async () => {
    const messages = ask('When?')
    const stranger = new OpenAI({ ...gateway(), apiKey: 'sk_sluice_wrong' })
    const failed = (client: OpenAI, model: string, more = {}) =>
      client.chat.completions.create({ model, messages, ...more }).then(
        () => undefined,
        (error: unknown) => error,
      )
    expect(await failed(stranger, 'chat')).toBeInstanceOf(OpenAI.AuthenticationError)
    expect(await failed(openai, 'none')).toMatchObject({
      status: 404,
      code: 'model_not_found',
      param: 'model',
    })
    expect(await failed(openai, 'chat', { temperature: 'warm' })).toBeInstanceOf(OpenAI.BadRequestError)
    expect(await failed(openai, 'spent')).toBeUndefined()
    // What was used is counted behind the answer.
    await expect
      .poll(() => failed(openai, 'spent'))
      .toMatchObject({ status: 429, code: 'insufficient_quota', type: 'insufficient_quota' })
  })

  test('when all targets are down there is one clear error, and the SDK does not repeat the chain', async () => {
    const asked = openai.chat.completions.create({ model: 'down', messages: ask('When?') })
    await expect(asked).rejects.toThrow(/502 No target of down answered \(.*: HTTP 500; .*: HTTP 500\)/)
    expect(['down-1', 'down-2'].map((model) => gateway().upstream.callsOf(model).length)).toEqual([1, 1])
  })

  test.each(['cut', 'cut-claude'])('%s: a stream that breaks off raises an error', async (model) => {
    const stream = await openai.chat.completions.create({ model, messages: ask('When?'), stream: true })
    let text = ''
    const read = async () => {
      for await (const { choices } of stream) text += choices[0]?.delta.content ?? ''
    }
    await expect(read()).rejects.toMatchObject({ code: 'upstream_stream_error' })
    expect(ANSWER.startsWith(text) && text !== '').toBe(true)
    const response = openai.responses.stream({ model, input: 'When?' })
    await expect(response.finalResponse()).rejects.toThrow(/broke off/)
  })

  test.each([
    ['slow', 'slow'],
    ['slow-claude', 'slow'],
  ])('%s: a caller who leaves ends what the model does', async (model, served) => {
    const before = gateway().upstream.callsOf(served).length
    const stream = await openai.chat.completions.create({ model, messages: ask('When?'), stream: true })
    for await (const _ of stream) break
    await expect
      .poll(() => gateway().upstream.callsOf(served)[before]?.closed, { timeout: 5_000 })
      .toBe('broken')
  })
}
