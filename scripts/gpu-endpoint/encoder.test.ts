import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DIMENSIONS, cosine, encodeConversation, encodeKnowledge, encodeQuestion, words } from './encoder.ts'

const user = (content: string) => ({ role: 'user' as const, content })

describe('the encoder', () => {
  test('gives the same features for the same text, of unit length and inside the dimensions', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const first = encodeKnowledge(text)
        expect(encodeKnowledge(text)).toEqual(first)
        const length = Math.sqrt(first.weights.reduce((sum, weight) => sum + weight * weight, 0))
        if (first.indices.length > 0) expect(length).toBeCloseTo(1, 4)
        expect(
          first.indices.every((index, at) => index < DIMENSIONS && index > (first.indices[at - 1] ?? -1)),
        ).toBe(true)
      }),
    )
  })

  test('is frozen: these features must not change without a new encoder name', () => {
    const { indices, weights } = encodeKnowledge('Refunds take 5 days.')
    const sum = indices.reduce((total, index, at) => total + index * weights[at]!, 0)
    expect([indices.length, sum.toFixed(3)]).toMatchInlineSnapshot(`
      [
        44,
        "6487.519",
      ]
    `)
  })

  test('holds a question closer to the passage that answers it', () => {
    const question = encodeQuestion([user('how long does a refund take?')])
    const right = cosine(question, encodeKnowledge('A refund takes up to five days.'))
    const wrong = cosine(question, encodeKnowledge('The router should be nearby.'))
    expect(right).toBeGreaterThan(wrong + 0.2)
  })

  test('knows who said a sentence and how many turns ago', () => {
    const [yesNow] = encodeConversation([user('yes')])
    const [yesBefore] = encodeConversation([user('yes'), { role: 'assistant', content: 'ok' }, user('fine')])
    expect(yesNow).not.toEqual(yesBefore)
    expect(encodeConversation([{ role: 'system', content: 'Be kind.' }])).toEqual([])
  })

  test('reads ids, amounts and addresses as shapes', () => {
    expect(words('Order SO-123 cost $9.50, mail a.b@example.com')).toEqual(
      words('order so-987 cost $1.25, mail zoe@mail.example.org'),
    )
  })
})
