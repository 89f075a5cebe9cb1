import { expect, test } from 'vitest'
import { decisionSentence, whyNotDecide } from './decision.ts'

const rules = { runAuthor: 'key_ben', approvers: null, authorMayApprove: false }
const ana = { keyId: 'key_ana', name: 'ana' }
const ben = { keyId: 'key_ben', name: 'ben' }

test('an author decides about the own run only where the gate lets them', () => {
  expect(whyNotDecide(rules, ben)).toMatch(/author of a run cannot approve it/)
  expect(whyNotDecide({ ...rules, authorMayApprove: true }, ben)).toBeUndefined()
  expect(whyNotDecide(rules, ana)).toBeUndefined()
})

test('where the gate names people, nobody else decides', () => {
  expect(whyNotDecide({ ...rules, approvers: ['sre', 'cid'] }, ana)).toBe(
    'The key ana is not among those who may decide: sre, cid',
  )
  expect(whyNotDecide({ ...rules, approvers: ['ana'] }, ana)).toBeUndefined()
  // Named, and the author all the same.
  expect(whyNotDecide({ ...rules, approvers: ['ben'] }, ben)).toMatch(/author/)
})

test('a verdict says who decided, why, and what was asked', () => {
  const asked = { question: 'Ship it?', by: 'ana', comment: 'checked ten answers' }
  expect(decisionSentence('grant', asked)).toBe(
    'Granted by ana: “checked ten answers”. The question was: Ship it?',
  )
  expect(decisionSentence('deny', { ...asked, comment: '' })).toBe(
    'Denied by ana. The question was: Ship it?',
  )
})
