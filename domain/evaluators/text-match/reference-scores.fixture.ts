/**
 * Scores by the reference implementations: `rouge-score` 0.1.2 (precision, recall, F1), and sacreBLEU 2.6.0
 * (`sentence_bleu` by smoothing, `sentence_chrf` with word order 0 and 2; over 100), both from PyPI.
 */
export const REFERENCE_SCORES = [
  {
    reference: 'Order A-20318 (49.90 EUR) is in transit and arrives on 3 November.',
    answer: 'Your order A-20318 for 49.90 EUR is in transit and should arrive on 3 November 2026.',
    rouge: {
      rouge1: [0.7222, 0.9286, 0.8125],
      rouge2: [0.5882, 0.7692, 0.6667],
      rougeL: [0.7222, 0.9286, 0.8125],
      rougeLsum: [0.7222, 0.9286, 0.8125],
    },
    bleu: {
      exp: 0.2426,
      floor: 0.2426,
      'add-k': 0.307,
      none: 0.2426,
    },
    chrF: 0.695,
    chrFplus: 0.6628,
  },
  {
    reference: 'Refunds are paid within 14 days of the return reaching our warehouse.',
    answer: 'We pay refunds within 14 days.',
    rouge: {
      rouge1: [0.6667, 0.3333, 0.4444],
      rouge2: [0.4, 0.1818, 0.25],
      rougeL: [0.6667, 0.3333, 0.4444],
      rougeLsum: [0.6667, 0.3333, 0.4444],
    },
    bleu: {
      exp: 0.1115,
      floor: 0.0746,
      'add-k': 0.1517,
      none: 0.0,
    },
    chrF: 0.2933,
    chrFplus: 0.2858,
  },
  {
    reference: 'The parcel was sent.\nIt arrives on Monday.',
    answer: 'It arrives on Monday, the parcel.\nThe parcel was sent by us.',
    rouge: {
      rouge1: [0.6667, 1.0, 0.8],
      rouge2: [0.5455, 0.8571, 0.6667],
      rougeL: [0.3333, 0.5, 0.4],
      rougeLsum: [0.6667, 1.0, 0.8],
    },
    bleu: {
      exp: 0.3479,
      floor: 0.3479,
      'add-k': 0.4002,
      none: 0.3479,
    },
    chrF: 0.7992,
    chrFplus: 0.7882,
  },
  {
    reference: 'Ihre Bestellung kommt am 3. November mit Nordpost.',
    answer: 'Ihre Bestellung kommt mit der Nordpost am 3. November an.',
    rouge: {
      rouge1: [0.8, 1.0, 0.8889],
      rouge2: [0.4444, 0.5714, 0.5],
      rougeL: [0.6, 0.75, 0.6667],
      rougeLsum: [0.6, 0.75, 0.6667],
    },
    bleu: {
      exp: 0.3352,
      floor: 0.3352,
      'add-k': 0.4172,
      none: 0.3352,
    },
    chrF: 0.8025,
    chrFplus: 0.7887,
  },
  {
    reference: "Don't pay twice: it's 10-20% off, isn't it?",
    answer: 'Do not pay twice; it is 10-20% off.',
    rouge: {
      rouge1: [0.6667, 0.5, 0.5714],
      rouge2: [0.5, 0.3636, 0.4211],
      rougeL: [0.6667, 0.5, 0.5714],
      rougeLsum: [0.6667, 0.5, 0.5714],
    },
    bleu: {
      exp: 0.3184,
      floor: 0.3184,
      'add-k': 0.3712,
      none: 0.3184,
    },
    chrF: 0.4936,
    chrFplus: 0.4688,
  },
  {
    reference: 'We have cancelled it.',
    answer: 'No.',
    rouge: {
      rouge1: [0.0, 0.0, 0.0],
      rouge2: [0.0, 0.0, 0.0],
      rougeL: [0.0, 0.0, 0.0],
      rougeLsum: [0.0, 0.0, 0.0],
    },
    bleu: {
      exp: 0.1116,
      floor: 0.0499,
      'add-k': 0.1578,
      none: 0.0,
    },
    chrF: 0.0222,
    chrFplus: 0.0593,
  },
  {
    reference: 'Yes',
    answer: 'Yes',
    rouge: {
      rouge1: [1.0, 1.0, 1.0],
      rouge2: [0.0, 0.0, 0.0],
      rougeL: [1.0, 1.0, 1.0],
      rougeLsum: [1.0, 1.0, 1.0],
    },
    bleu: {
      exp: 1.0,
      floor: 1.0,
      'add-k': 1.0,
      none: 1.0,
    },
    chrF: 1.0,
    chrFplus: 1.0,
  },
  {
    reference: 'Ваш заказ прибудет 3 ноября.',
    answer: 'Заказ прибудет 3 ноября.',
    rouge: {
      rouge1: [1.0, 1.0, 1.0],
      rouge2: [0.0, 0.0, 0.0],
      rougeL: [1.0, 1.0, 1.0],
      rougeLsum: [1.0, 1.0, 1.0],
    },
    bleu: {
      exp: 0.5475,
      floor: 0.5475,
      'add-k': 0.6158,
      none: 0.5475,
    },
    chrF: 0.8362,
    chrFplus: 0.7916,
  },
] as const
