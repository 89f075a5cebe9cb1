import { createRoute, z } from '@hono/zod-openapi'
import { ENGINES } from '../../domain/evaluators/evaluator.ts'
import { ALL_EVALUATORS, evaluatorId } from '../../domain/evaluators/registry.ts'
import { latestCalibrations } from '../evaluation/calibrations.ts'
import { lineage } from '../lineage/db.ts'
import { requireScope } from './auth.ts'
import { json, refusals, router } from './openapi.ts'

const Evaluator = z.object({
  id: z.string().openapi({ example: 'Groundedness:judge@1' }),
  name: z.string(),
  version: z.string(),
  engine: z.enum(ENGINES),
  summary: z.string(),
  inputs: z.array(z.string()),
  params: z.any().openapi({ description: 'JSON Schema of the parameters; null when there are none' }),
  calibrated: z
    .object({ calibrationId: z.string(), threshold: z.number() })
    .nullable()
    .openapi({ description: 'The project’s newest calibration that holds for any dataset' }),
})

const list = createRoute({
  method: 'get',
  path: '/',
  summary: 'Every engine of every evaluator, with its parameters',
  middleware: [requireScope('read')],
  responses: { 200: json(z.object({ evaluators: z.array(Evaluator) }), 'The evaluators'), ...refusals },
})

export const evaluatorsApi = router().openapi(list, async (c) => {
  const calibrations = await latestCalibrations(lineage(c.env.LINEAGE), c.get('caller').project, null)
  const evaluators = ALL_EVALUATORS.map((evaluator) => {
    const { name, version, engine, summary, inputs, params } = evaluator
    const id = evaluatorId(evaluator)
    const found = calibrations.get(id)
    return {
      id,
      name,
      version,
      engine,
      summary,
      inputs: [...inputs],
      params: params ? z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' }) : null,
      calibrated: found ? { calibrationId: found.calibrationId, threshold: found.threshold } : null,
    }
  })
  return c.json({ evaluators }, 200)
})
