import { expect, test } from 'vitest'
import { answerType } from './question.ts'

test.each([
  ['Who directed Titanic?', 'person'],
  ['Which actress played the queen?', 'person'],
  ['When did the shop open?', 'time'],
  ['What time does the bus leave?', 'time'],
  ['The film was directed by someone born in what year?', 'time'],
  ['How long ago was that?', 'time'],
  ['how long does a refund take', 'duration'],
  ['How many shops are there?', 'quantity'],
  ["What's the phone number?", 'quantity'],
  ['how much does shipping cost', 'money'],
  ['What is the price of the ticket?', 'money'],
  ['what percentage of the body is water', 'percentage'],
  ['Which city is it in?', 'place'],
  ['can you tell me where my parcel is', 'place'],
  ['When I pay by card, why does it fail?', 'reason'],
  ['How do I reset my password?', 'procedure'],
  ['What is a gift card?', 'definition'],
  ['who was Ada Baker', 'definition'],
  ['what does insolvent mean', 'definition'],
  ['Who is the manager?', 'person'],
  ['Hi, can I return used shoes?', 'yes or no'],
  ["Isn't it shipped?", 'yes or no'],
  ['What is my balance?', 'open'],
  ['I spoke to an agent who said I get a refund.', 'open'],
  ['I want to cancel my order', 'open'],
  ['', 'open'],
])('%s asks for %s', (request, type) => expect(answerType(request)).toBe(type))

test('the question decides, wherever it stands', () => {
  expect(answerType('I ordered shoes, which are late. When will they arrive? Thanks.')).toBe('time')
})
