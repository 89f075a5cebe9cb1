import { describe, expect, test } from 'vitest'
import coded from './word-lists.json' with { type: 'json' }
import { fold, isEnglish, wordLists } from './word-lists.ts'

describe('word lists', () => {
  test('decode to sorted words, each once', () => {
    const { first, last, english } = wordLists()
    expect([first.size, last.size, english.size].every((size) => size > 13_000)).toBe(true)
    for (const list of [coded.first, coded.last, coded.english]) expect(list).toMatch(/^(?:\d[a-z'ə]*)+$/)
    for (const name of ['sarka', 'bjorn', 'mehmet', 'priya']) expect(first.has(name)).toBe(true)
    for (const name of ['lindqvist', 'popescu', 'tanaka']) expect(last.has(name)).toBe(true)
  })

  test.each([
    'refund',
    'refunds',
    'cities',
    'stopped',
    'making',
    'quickly',
    'happily',
    'among',
    'colour',
    'color',
  ])('"%s" is English', (word) => expect(isEnglish(word)).toBe(true))

  test.each(['james', 'martins', 'qvarn', 'zelda', 'agnieszka'])('"%s" is not', (word) =>
    expect(isEnglish(word)).toBe(false),
  )

  test('accents and letters that keyboards lack are folded', () => {
    expect(fold('Šárka')).toBe('sarka')
    expect(fold('Łukasz Øvergård Þór')).toBe('lukasz overgard thor')
    expect(fold('O’Brien')).toBe("o'brien")
  })
})
