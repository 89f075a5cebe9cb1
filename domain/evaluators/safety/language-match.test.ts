import { describe, expect, test } from 'vitest'
import type { EvaluatorInput } from '../evaluator.ts'
import { LANGUAGES } from '../text/language.ts'
import { languageMatch } from './language-match.ts'

const Params = languageMatch.params!

const TEXTS: Record<string, string> = {
  en: 'Your order is in transit and should arrive at your house on Monday morning.',
  de: 'Ihre Bestellung ist unterwegs und sollte am Montagmorgen bei Ihnen zu Hause ankommen.',
  fr: 'Votre commande est en cours de livraison et devrait arriver chez vous lundi matin.',
  es: 'Su pedido está en camino y debería llegar a su casa el lunes por la mañana.',
  it: 'Il tuo ordine è in transito e dovrebbe arrivare a casa tua lunedì mattina.',
  nl: 'Uw bestelling is onderweg en zou maandagochtend bij u thuis moeten aankomen.',
  pl: 'Twoje zamówienie jest w drodze i powinno dotrzeć do domu w poniedziałek rano.',
  ru: 'Ваш заказ уже в пути и должен прибыть к вам домой в понедельник утром.',
  ja: 'ご注文の商品は現在配送中で、月曜日の朝にご自宅に届く予定です。',
  zh: '您的订单正在运送途中，预计星期一早上送到您家。',
  ko: '주문하신 상품은 배송 중이며 월요일 아침에 집에 도착할 예정입니다.',
}

function row(request: string, response: string): EvaluatorInput {
  return { messages: [{ role: 'user', content: request }], context: [], response }
}

describe('LanguageMatch@1', () => {
  test('golden scores: each language matches itself and no other', () => {
    for (const [due, request] of Object.entries(TEXTS))
      for (const [language, answer] of Object.entries(TEXTS))
        expect(languageMatch.evaluate(row(request, answer), {})).toMatchObject({
          score: language === due ? 1 : 0,
          label: language,
          evidence: { expected: due },
        })
  })

  test('the language may be given', () => {
    expect(languageMatch.evaluate(row(TEXTS.de!, TEXTS.en!), { language: 'en' })).toMatchObject({
      score: 1,
      reason: 'The answer is in English, as the parameter asks.',
    })
    expect(LANGUAGES).toHaveLength(24)
    expect(Params.safeParse({ language: 'xx' }).success).toBe(false)
  })

  test('what is too short is an error; ids and links are of no language', () => {
    expect(languageMatch.evaluate(row(TEXTS.en!, 'OK!'), {})).toEqual({
      error: 'the answer is too short to tell its language',
    })
    expect(languageMatch.evaluate(row('A-20318?', TEXTS.en!), {})).toEqual({
      error: 'the request is too short to tell its language: set the parameter language',
    })
    expect(
      languageMatch.evaluate(row(TEXTS.en!, 'A-20318 https://example.com/where-is-my-order/at-home'), {}),
    ).toHaveProperty('error')
  })

  test('a short request is read with what was said before', () => {
    const messages: EvaluatorInput['messages'] = [
      { role: 'user', content: TEXTS.de! },
      { role: 'assistant', content: TEXTS.en! },
      { role: 'user', content: 'Und wann?' },
    ]
    expect(languageMatch.evaluate({ messages, context: [], response: TEXTS.de! }, {})).toMatchObject({
      score: 1,
    })
  })

  test('a megabyte is cut', () => {
    expect(languageMatch.evaluate(row(TEXTS.en!, TEXTS.en!.repeat(15_000)), {})).toMatchObject({ score: 1 })
  }, 2000)
})
