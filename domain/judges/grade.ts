import * as z from 'zod'
import type { JudgeVerdict } from './judge.ts'

/** Five grades in words, since models keep to words better than to numbers. */
const GRADES = { fully: 1, mostly: 0.75, partly: 0.5, barely: 0.25, not: 0 } as const
type Grade = keyof typeof GRADES

/** The answer's fields of a judge that gives one grade. */
export const gradeFields = { verdict: z.enum(Object.keys(GRADES) as [Grade, ...Grade[]]) }

export function readGrade({
  verdict,
}: {
  verdict: Grade
}): Pick<JudgeVerdict, 'score' | 'label' | 'evidence'> {
  return { score: GRADES[verdict], label: verdict, evidence: {} }
}
