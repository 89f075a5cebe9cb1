import type { StagePlan } from './state.ts'

/** A stage's plan with nothing but what a test is about. */
export function stage(change: Partial<StagePlan> = {}): StagePlan {
  return {
    kind: 'ingest',
    needs: [],
    gates: [],
    retry: { attempts: 1, backoffSeconds: 1 },
    timeoutSeconds: 60,
    takesEffect: false,
    ...change,
  }
}
