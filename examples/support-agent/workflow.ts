import { defineWorkflow } from '../../domain/workflow/define.ts'

/** Means that a model must reach, by metric. Raw scores shift with the style of reply: calibrate them on your own data. */
export interface SupportThresholds {
  Groundedness: number
  ContextRelevance: number
  TaskCompletion: number
  JSONValidation: number
}

/**
 * A support agent, from transcripts to a watched route: a fine-tuned adapter that must not be worse than production for
 * any cohort of customers.
 */
export const supportAgent = (thresholds: SupportThresholds) =>
  defineWorkflow({
    name: 'support-agent',
    description:
      'Transcripts → redaction → features → fine-tuned adapter → evaluation → promotion → route → sweep',
    inputs: {
      transcripts: { kind: 'dataset' },
      prompt: { kind: 'prompt' },
      suite: { kind: 'suite' },
    },
    stages: {
      ingest: {
        kind: 'ingest',
        owner: 'data-platform',
        inputs: { transcripts: 'inputs.transcripts' },
        with: { name: 'support-transcripts' },
        gates: [
          {
            gate: 'data-quality',
            params: { minRows: 100, maxDuplicates: 0.05, maxLabelShare: 0.5, minCohortRows: 5 },
          },
          { gate: 'freshness', params: { maxAgeDays: 30 } },
        ],
      },
      clean: {
        kind: 'clean',
        owner: 'privacy',
        inputs: { dataset: 'ingest.dataset' },
        with: { name: 'support-clean' },
        gates: [
          { gate: 'pii-residual', params: { maxFindings: 0, maxQuarantined: 0.15, minCanaryRecall: 0.95 } },
        ],
      },
      features: {
        kind: 'features',
        owner: 'ml',
        inputs: { dataset: 'clean.dataset', prompt: 'inputs.prompt' },
        with: { name: 'support-features' },
        gates: [{ gate: 'data-quality', params: { maxDuplicates: 0.05 } }],
      },
      train: {
        kind: 'train',
        owner: 'ml',
        inputs: { dataset: 'features.training' },
        with: { endpoint: 'reference-gpu', model: 'support-agent', baseModel: 'hashed-ngrams-v1' },
        retry: { attempts: 2, backoffSeconds: 2 },
        timeoutSeconds: 600,
      },
      evaluate: {
        kind: 'evaluate',
        owner: 'quality',
        inputs: { model: 'train.model', golden: 'features.golden', suite: 'inputs.suite' },
        gates: [
          { gate: 'coverage', params: { minEvaluators: 4, maxErrors: 0.02 } },
          {
            gate: 'threshold',
            params: {
              metrics: {
                Groundedness: { overall: thresholds.Groundedness },
                ContextRelevance: { overall: thresholds.ContextRelevance },
                TaskCompletion: { overall: thresholds.TaskCompletion },
                JSONValidation: { overall: thresholds.JSONValidation },
              },
            },
          },
        ],
      },
      promote: {
        kind: 'promote',
        owner: 'quality',
        inputs: { model: 'train.model', evaluation: 'evaluate.evaluation' },
        gates: [
          {
            gate: 'no-regression',
            params: {
              metrics: ['Groundedness', 'ContextRelevance', 'TaskCompletion', 'JSONValidation'],
              margin: 0.05,
              cohortMargin: 0.1,
            },
          },
        ],
      },
      deploy: {
        kind: 'deploy',
        owner: 'sre',
        inputs: { model: 'promote.model', prompt: 'inputs.prompt' },
        with: {
          route: 'support',
          timeouts: { headersMs: 5000, totalMs: 15000 },
          breaker: { cooldownMs: 1000, maxCooldownMs: 5000 },
        },
        gates: [{ gate: 'single-change' }, { gate: 'rollback-ready' }],
      },
      monitor: {
        kind: 'monitor',
        owner: 'sre',
        inputs: { route: 'deploy.route', evaluation: 'evaluate.evaluation' },
        with: {
          sample: 200,
          margins: { Groundedness: 0.05, TaskCompletionOnline: 0.05, JSONValidation: 0.02 },
        },
      },
    },
  })

/** What evaluations of the support agent run, and the JSON that it must answer with. */
export const supportSuite = {
  name: 'support-suite',
  metrics: [
    { metric: 'Groundedness', evaluator: 'Groundedness', version: '2' },
    { metric: 'ContextRelevance', evaluator: 'ContextRelevance', version: '2' },
    { metric: 'TaskCompletion', evaluator: 'TaskCompletion', version: '2' },
    { metric: 'JSONValidation', evaluator: 'JSONValidation', version: '2' },
    // The same evaluator without the good answer: what a sweep can score, and the level to hold traffic against.
    { metric: 'TaskCompletionOnline', evaluator: 'TaskCompletion', version: '2', reference: false },
  ],
  answerSchema: {
    type: 'object',
    required: ['intent', 'action', 'reply'],
    properties: {
      intent: { type: 'string', minLength: 1 },
      action: { type: 'string', minLength: 1 },
      reply: { type: 'string', minLength: 1 },
    },
    additionalProperties: false,
  },
}
