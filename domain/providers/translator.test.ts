import { expect, test } from 'vitest'
import type { JsonObject } from './provider.ts'
import { chained, translator } from './translator.ts'

/** Writes each event's text; the stream is whole when it says so. */
function echo(ends = '[end]') {
  return translator((out) => ({
    event: ({ text }: JsonObject) => out.write(String(text)),
    end(said) {
      if (!said) return out.fail({ message: 'broken', type: 'server_error', code: null, param: null })
      out.write(ends)
      out.close()
    },
    error: ({ message }) => `[${message}]`,
    usage: () => ({ total_tokens: 1 }),
  }))
}

test('events come out as soon as they are whole', () => {
  const stream = echo()
  expect(stream.feed('data: {"text":')).toBe('')
  expect(stream.feed('"a"}\n')).toBe('')
  expect(stream.feed('\ndata: {"text":"b"}\n\ndata:')).toBe('ab')
  expect(stream.done).toBe(false)
  expect(stream.feed(' [DONE]\n\n')).toBe('[end]')
  expect(stream.done).toBe(true)
  expect(stream.end()).toBe('')
})

test('comments, names, empty events and all ends of lines are understood', () => {
  const stream = echo()
  expect(
    stream.feed(': ping\r\n\r\nevent: x\r\ndata: {"text":\r\ndata: "a"}\r\n\r\ndata:\n\ndata: [DONE]\r\r'),
  ).toBe('a[end]')
})

test('a last event without its empty line counts', () => {
  const stream = echo()
  expect(stream.feed('data: [DONE]')).toBe('')
  expect(stream.end()).toBe('[end]')
  expect(stream.failed).toBe(false)
})

test.each([
  ['', '[broken]'],
  ['data: {"text":"a"}\n\n', 'a[broken]'],
  ['<html>Bad gateway</html>', '[broken]'],
  [
    'data: {"text":"a"}\n\ndata: {"te\n\ndata: {"text":"b"}\n\n',
    'a[The model sent an event that is not JSON]',
  ],
  ['data: [1]\n\n', '[The model sent an event that is not JSON]'],
])('a stream of %j fails', (text, out) => {
  const stream = echo()
  expect(stream.feed(text) + stream.end()).toBe(out)
  expect(stream).toMatchObject({ failed: true, done: false })
})

test('an event without end does not fill the memory', () => {
  const stream = echo()
  let out = stream.feed('data: ')
  const megabyte = 'a'.repeat(1_000_000)
  for (let i = 0; i < 20; i++) out += stream.feed(megabyte)
  expect(out).toBe('[The model sent an event that is too long]')
  expect(stream.feed('\n\n') + stream.end()).toBe('')
  expect(stream.failed).toBe(true)
})

test('two translators in a chain end together', () => {
  const quoting = translator((out) => ({
    event: ({ text }: JsonObject) => out.write(`data: {"text":"<${String(text)}>"}\n\n`),
    end() {
      out.write('data: [DONE]\n\n')
      out.close()
    },
    error: () => '',
    usage: () => null,
  }))
  const stream = chained(quoting, echo())
  expect(stream.feed('data: {"text":"a"}\n\n')).toBe('<a>')
  expect(stream.end()).toBe('[end]')
  expect(stream).toMatchObject({ done: true, failed: false, usage: { total_tokens: 1 } })
})
