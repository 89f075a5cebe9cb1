import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { afterUndo, type TargetMove } from './undo.ts'

/** A target that runs move one after the other, each to a version of its own. */
class Target {
  readonly moves: TargetMove[] = []
  readonly undone = new Set<string>()
  now: string | null = null

  move(runId: string | null, to: string | null): void {
    this.moves.push({ from: this.now, to, runId })
    this.now = to
  }

  undo(runId: string): void {
    this.undone.add(runId)
    const plan = afterUndo(this.moves, this.undone)
    if (plan) this.move(runId, plan.to)
  }
}

test('however runs are undone, the target ends at what the last run promoted that was not', () => {
  const runs = fc.integer({ min: 1, max: 6 })
  fc.assert(
    fc.property(runs, fc.array(fc.nat(5)), (count, order) => {
      const target = new Target()
      for (let run = 0; run < count; run++) target.move(`run_${run}`, `v${run}`)
      const undone = [...new Set(order.map((run) => run % count))]
      for (const run of undone) target.undo(`run_${run}`)
      const standing = Array.from({ length: count }, (_, run) => run).findLast((run) => !undone.includes(run))
      expect(target.now).toBe(standing === undefined ? null : `v${standing}`)
    }),
  )
})

test('what a person did since stays', () => {
  const target = new Target()
  target.move('run_a', 'v1')
  target.move(null, 'v0')
  target.undo('run_a')
  expect(target.now).toBe('v0')
})

test('undoing twice is undoing once', () => {
  const target = new Target()
  target.move('run_a', 'v1')
  target.undo('run_a')
  target.undo('run_a')
  expect([target.now, target.moves.length]).toEqual([null, 2])
})
