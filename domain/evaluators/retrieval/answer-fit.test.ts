import { expect, test } from 'vitest'
import { answerFit, candidateOf } from './answer-fit.ts'
import { queryOf } from './query.ts'

function fit(request: string, sentence: string): number {
  const { type, asked, terms } = queryOf(request)
  const named = (stems: readonly string[]) =>
    terms.filter(({ stem }) => stems.includes(stem)).length / Math.max(1, terms.length)
  return answerFit(type, candidateOf(sentence, asked, named))
}

test.each([
  ['Who wrote it?', 'It was written by Ada Baker.', 'It was written in ink.'],
  ['When was it built?', 'It was built in 1984.', 'It was built of stone.'],
  ['When is it paid?', 'It is paid within 14 days.', 'It is paid in full.'],
  ['How long does it take?', 'It takes two weeks.', 'It takes patience.'],
  ['How many are there?', 'There are 62.', 'There are moons.'],
  ['How much does it cost?', 'It costs €49.90.', 'It costs too dear.'],
  ['What percentage is water?', 'About 60% is water.', 'Much is water.'],
  ['Where is the depot?', 'The depot is located downtown.', 'The depot opened.'],
  ['Why was it late?', 'It was late because of snow.', 'It was late again.'],
  ['What is a depot?', 'A depot is a store.', 'We closed a depot.'],
])('%s: "%s" fits better than "%s"', (request, better, worse) => {
  expect(fit(request, better)).toBeGreaterThan(fit(request, worse))
})

test('names and numbers of the request are no answer', () => {
  expect(fit('Who knows Ada Baker?', 'Yes, Ada Baker.')).toBe(0)
  expect(fit('How many of the 62 moons are large?', 'The 62 moons.')).toBe(0)
})

test('a text in lower case cannot tell names', () => {
  expect(fit('who wrote it', 'it was written by ada baker')).toBe(
    fit('who wrote it', 'it was written in ink'),
  )
})
