import type { StagePlan } from './state.ts'

/** A stage's plan with nothing but what a test is about. */
export function stage(change: Partial<StagePlan> = {}): StagePlan {
  return {
    kind: 'ingest',
    needs: [],
    gates: [],
    retry: retry(1),
    timeoutSeconds: 60,
    takesEffect: false,
    ...change,
  }
}

export function retry(attempts: number, backoffSeconds = 1): StagePlan['retry'] {
  return { attempts, backoffSeconds, maxBackoffSeconds: 3600, final: [] }
}
