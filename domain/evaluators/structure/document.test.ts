import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDocument } from './document.ts'

const problemOf = (text: string) => {
  const read = readDocument(text)
  return 'problem' in read ? read.problem : undefined
}

describe('readDocument', () => {
  test.each([
    ['\uFEFF{}', 'byte order mark'],
    ['', 'it is empty'],
    [' \n', 'it is empty'],
    ['```json\n{}\n```', 'Markdown fence'],
    ['// yes\n{}', 'comment'],
    ['NaN', 'NaN and Infinity'],
    ['-Infinity', 'NaN and Infinity'],
    ['[NaN]', 'JSON'],
    ['{"a":1,}', 'JSON'],
    ['{/* a */}', 'JSON'],
    ["{'a':1}", 'JSON'],
    ['{"a":01}', 'JSON'],
    ['"\t"', 'JSON'],
    ['{}{}', 'JSON'],
    ['\u00a0{}', 'JSON'],
    ['['.repeat(500_000), 'nested deeper than 100 levels'],
  ])('%j is none', (text, problem) => expect(problemOf(text.slice(0, 600_000))).toContain(problem))

  test('names that stand twice, however they are written', () => {
    expect(readDocument('{"a":1,"b":[{"c":1,"\\u0063":2}],"a":{}}')).toMatchObject({
      duplicates: ['/b/0/c', '/a'],
    })
    expect(readDocument('{"__proto__":1,"__proto__":2}')).toMatchObject({ duplicates: ['/__proto__'] })
    expect(readDocument('{"a":{"x":1},"b":{"x":1},"c":["x","x","x:"]}')).toMatchObject({ duplicates: [] })
  })

  test('numbers that no double holds, and whole numbers that are rounded', () => {
    expect(readDocument('{"a":[1,1e400],"b":-1e309,"c":1e-400}')).toMatchObject({
      unreadable: [
        { path: '/a/1', written: '1e400' },
        { path: '/b', written: '-1e309' },
        { path: '/c', written: '1e-400' },
      ],
    })
    expect(readDocument('{"id":9007199254740993,"even":9007199254740994,"zero":0e-99999}')).toMatchObject({
      unreadable: [],
      rounded: [{ path: '/id', written: '9007199254740993' }],
    })
    expect(readDocument(`[${'9'.repeat(1_000_000)}]`)).toMatchObject({ unreadable: [{ path: '/0' }] })
  })

  test('any document of JSON is read as JSON.parse reads it, without findings', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), (text) => {
        expect(readDocument(text)).toEqual({
          value: JSON.parse(text),
          duplicates: [],
          unreadable: [],
          rounded: [],
        })
      }),
    )
  })

  test('a doubled member is found wherever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.jsonValue(), fc.jsonValue(), (name, one, other) => {
        const key = JSON.stringify(name)
        const pointer = `/1/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
        const text = `[${JSON.stringify(one)}, {${key} : ${JSON.stringify(one)},\n${key}:${JSON.stringify(other)}}]`
        expect(readDocument(text)).toMatchObject({ duplicates: [pointer] })
      }),
    )
  })
})
