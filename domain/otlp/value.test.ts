import { expect, test } from 'vitest'
import { OTLP_LIMITS } from './limits.ts'
import { reading } from './reading.ts'
import { anyValue } from './value.ts'

function read(value: unknown) {
  const kept = reading(OTLP_LIMITS, false)
  return [anyValue(kept, value), kept.faults]
}

test.for([
  [{ stringValue: '' }, ''],
  [{ boolValue: false }, false],
  [{ intValue: 0 }, 0],
  [{ intValue: '42' }, 42],
  [{ intValue: '-9007199254740991' }, -9_007_199_254_740_991],
  // Beyond what a number holds.
  [{ intValue: '9223372036854775807' }, '9223372036854775807'],
  [{ intValue: '-9223372036854775808' }, '-9223372036854775808'],
  [{ intValue: '0000000000000000007' }, 7],
  [{ doubleValue: 1 }, 1],
  [{ doubleValue: '1.5e3' }, 1500],
  [{ doubleValue: 'NaN' }, 'NaN'],
  [{ doubleValue: '-Infinity' }, '-Infinity'],
  [{ doubleValue: Infinity }, 'Infinity'],
  [{ arrayValue: {} }, []],
  [{ kvlistValue: {} }, {}],
  [{ arrayValue: { values: [{ intValue: 1 }, {}, null] } }, [1, null, null]],
  // Either alphabet, padded or not.
  [{ bytesValue: 'AP-_' }, 'AP+/'],
  [{ bytesValue: 'AA' }, 'AA=='],
  [{ bytesValue: '' }, ''],
  // Empty values are usual, and null is as good as absent.
  [{}, null],
  [null, null],
  [undefined, null],
  [{ stringValue: null, intValue: 5 }, 5],
  [{ newKindOfValue: 1 }, null],
] as const)('%o is %o', ([value, json]) => {
  expect(read(value)).toEqual([json, []])
})

test.for([
  { stringValue: 5 },
  { boolValue: 'true' },
  { intValue: 1.5 },
  { intValue: '9223372036854775808' },
  { intValue: 1e300 },
  { intValue: '' },
  { doubleValue: 'one' },
  { doubleValue: '1e999' },
  { arrayValue: [] },
  { arrayValue: { values: {} } },
  { bytesValue: 'a' },
  { bytesValue: '!' },
  'text',
  [],
])('%o is of no type: null, and a fault', (value) => {
  expect(read(value)).toEqual([null, ['value.invalid']])
})

test('keys that every object inherits are keys like others', () => {
  const values = ['__proto__', 'constructor', 'toString'].map((key) => ({ key, value: { stringValue: key } }))
  const [map] = read({ kvlistValue: { values } })
  expect(JSON.stringify(map)).toBe(
    '{"__proto__":"__proto__","constructor":"constructor","toString":"toString"}',
  )
  expect(Object.getPrototypeOf(map)).toBe(Object.prototype)
})

test('of equal keys the last counts', () => {
  const values = [1, 2].map((intValue) => ({ key: 'a', value: { intValue } }))
  expect(read({ kvlistValue: { values } })).toEqual([{ a: 2 }, []])
})
