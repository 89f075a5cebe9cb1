import fc from 'fast-check'
import { expect, test } from 'vitest'
import { serverSentEvents, type ServerSentEvent } from './server-sent-events.ts'

async function read(chunks: Uint8Array[]): Promise<ServerSentEvent[]> {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
  return Array.fromAsync(serverSentEvents(stream))
}

const encoder = new TextEncoder()

test('reads messages however the network cuts them, and whatever ends a line', async () => {
  const text = fc.stringMatching(/^[^\r\n]{0,12}$/)
  const message = fc.record({
    type: fc.constantFrom('event', 'log', 'end'),
    data: fc.array(text, { minLength: 1, maxLength: 3 }),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { maxLength: 6 }),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.array(fc.nat(400), { maxLength: 12 }),
      async (messages, end, cuts) => {
        const wire = messages
          .map(({ type, data }) =>
            ['id: 1.2', `event: ${type}`, ...data.map((line) => `data: ${line}`), '', ''].join(end),
          )
          .join('')
        const bytes = encoder.encode(wire)
        const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b)]
        const chunks = places.map((from, index) => bytes.slice(from, places[index + 1]))
        expect(await read(chunks)).toEqual(
          messages.map(({ type, data }) => ({ type, data: data.join('\n') })),
        )
      },
    ),
  )
})

test('ignores comments, unknown fields and a message that was cut off', async () => {
  const wire = ': keep-alive\n\nretry: 10\ndata:no space\n\nevent: log\ndata: cut'
  expect(await read([encoder.encode(wire)])).toEqual([{ type: 'message', data: 'no space' }])
})
