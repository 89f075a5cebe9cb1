import { expect, test } from 'vitest'
import { documentList } from './documents.ts'

test('documents of any shape', () => {
  const plain = { id: 'a', content: 'text', score: 0.5, metadata: '{"page":2}' }
  const metadata = { page: 2 }
  expect(
    documentList([
      { ...plain, metadata },
      { document: { id: 'a', content: 'text', score: 0.5, metadata } },
      {
        'document.id': 'a',
        'document.content': 'text',
        'document.score': 0.5,
        'document.metadata': metadata,
      },
      { id: 'a', page_content: 'text', score: 0.5, metadata },
    ]),
  ).toEqual([plain, plain, plain, plain])
})

test("OpenTelemetry's have no text, a store's score may be below 0, ids may be numbers", () => {
  expect(documentList('[{"id":7,"score":-0.2}]')).toEqual([
    { id: '7', content: null, score: -0.2, metadata: null },
  ])
})

test('plain texts, and objects that nobody knows, are their own content', () => {
  expect(documentList(['one', { title: 'two' }]).map(({ content }) => content)).toEqual([
    'one',
    '{"title":"two"}',
  ])
  expect(documentList([null, '', {}, { score: 1 }])).toEqual([])
})
