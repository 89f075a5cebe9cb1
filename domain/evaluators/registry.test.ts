import { expect, test } from 'vitest'
import { EVALUATORS, evaluatorByName } from './registry.ts'

test('evaluators are found by name, with or without a version, and are listed once', () => {
  expect(EVALUATORS.map((one) => `${one.name}@${one.version}`)).toEqual([
    'Groundedness@2',
    'Faithfulness@1',
    'ContextRelevance@2',
    'TaskCompletion@2',
    'ToolSelectionAccuracy@1',
    'ToolArgumentCorrectness@1',
    'ContextPrecision@1',
    'ContextRecall@1',
    'AnswerRelevance@1',
    'JSONValidation@2',
    'ExactMatch@1',
    'FuzzyMatch@1',
    'Contains@1',
    'RegexMatch@1',
    'ROUGE@1',
    'BLEU@1',
    'ChrF@1',
    'NumericTolerance@1',
    'LengthLimit@1',
    'LatencyLimit@1',
    'CostLimit@1',
    'PIILeak@1',
    'Toxicity@1',
    'Refusal@1',
    'LanguageMatch@1',
    'Expression@1',
  ])
  expect(evaluatorByName('Groundedness')).toBe(EVALUATORS[0])
  expect(evaluatorByName('TaskCompletion@2')).toBe(EVALUATORS[3])
  expect(evaluatorByName('TaskCompletion@1')).toBeUndefined()
})
