import { describe, expect, test } from 'vitest'
import { order } from '../samples.fixture.ts'
import { answered } from './compared.fixture.ts'
import { NO_REFERENCE, Path, withReference } from './compared.ts'
import type { EvaluatorInput } from '../evaluator.ts'

function compared(input: EvaluatorInput, path?: string) {
  let texts: string[] = []
  const result = withReference(input, path, (answer, reference) => {
    texts = [answer, reference]
    return { score: 1, reason: '' }
  })
  return texts.length > 0 ? texts : result
}

describe('what is compared', () => {
  test("an agent's answer is compared by its reply, plain text as it is", () => {
    const reply = 'Order A-20318 (49.90 EUR) is in transit and arrives on 3 November.'
    expect(compared(order('It comes.'))).toEqual(['It comes.', reply])
    expect(compared(answered('It comes.', 'It is coming.'))).toEqual(['It comes.', 'It is coming.'])
    expect(compared(answered('{"reply": "a"}', '{"reply": "b"}'))).toEqual(['a', 'b'])
    expect(compared(answered('{"text": "a"}', '{broken'))).toEqual(['{"text": "a"}', '{broken'])
  })

  test('a path picks the field, on both sides', () => {
    expect(compared(order('It comes.'), '/action')).toEqual(['lookup_order', 'lookup_order'])
    expect(compared(answered('{"items":[{"a/b":1.5}]}', '{"items":[{"a/b":2}]}'), '/items/0/a~1b')).toEqual([
      '1.5',
      '2',
    ])
    expect(compared(answered('{"id":"A-1"}', 'A-1'), '/id')).toEqual(['A-1', 'A-1'])
    expect(compared(answered('{"o":{"b":1,"a":2}}', '{"o":{"a":2,"b":1}}'), '/o')).toEqual([
      '{"a":2,"b":1}',
      '{"a":2,"b":1}',
    ])
  })

  test('an answer without the field scores 0, a good answer without it is an error', () => {
    expect(compared(answered('{"b":1}', '{"a":1}'), '/a')).toEqual({
      score: 0,
      reason: 'The response has nothing at /a.',
    })
    expect(compared(answered('{"__proto__x":1}', 'x'), '/constructor')).toMatchObject({ score: 0 })
    expect(compared(answered('hello', 'x'), '/a')).toMatchObject({ score: 0 })
    expect(compared(answered('{"a":1}', '{"b":1}'), '/a')).toEqual({
      error: `${NO_REFERENCE}; it needs a value at /a`,
    })
    expect(compared(answered('hello'))).toEqual({ error: NO_REFERENCE })
    // @ts-expect-error: rows from outside may lack fields
    expect(compared({ reference: 'x' })).toEqual({ error: 'response is missing or no text' })
  })

  test('a path is a JSON Pointer', () => {
    expect(Path.safeParse('/items/0').success).toBe(true)
    expect(Path.safeParse('').success).toBe(true)
    expect(Path.safeParse('items.0').error?.issues[0]?.message).toBe(
      'is no JSON Pointer such as /items/0/price (RFC 6901)',
    )
  })
})
