import * as z from 'zod'
import { againstSchema } from '../guardrails/answer-schema.ts'
import { EVALUATORS_OF } from '../guardrails/by-evaluator.ts'
import { guardrailProblems } from '../guardrails/compile.ts'
import { refOf } from '../ref.ts'
import { behaviourProblems, type RouteProblem } from './behaviour-problems.ts'
import {
  Canary,
  MAX_CANARY_SHARE,
  MAX_RULES,
  MAX_TARGETS,
  RouteBehaviour,
  Rule,
  Share,
  Weight,
} from './route.ts'

/** A model version or an alias of one; pinned when the stage runs. */
const ModelRef = refOf('model')

/** Names the model that is deployed in a rule. */
export const NEW_MODEL = 'new'

/** What a deploy stage writes of a route. The model that it deploys and the prompt are its inputs. */
export const RouteSettings = z.strictObject({
  ...RouteBehaviour.shape,
  /** The model that is deployed takes this share, the targets of production stay; absent, it becomes the first target. */
  canary: Canary.omit({ target: true })
    .extend({
      share: z
        .number()
        .min(0)
        .max(
          MAX_CANARY_SHARE,
          `must be at most ${MAX_CANARY_SHARE}: without canary the model goes to everybody, through the stage's gates`,
        ),
    })
    .exactOptional(),
  /** Of the model that is deployed. Targets with weights share the traffic; those without step in. */
  weight: Weight.exactOptional(),
  /** Further targets, asked in this order when those before them fail. What production used before comes after them. */
  targets: z
    .array(z.strictObject({ model: ModelRef, weight: Weight.exactOptional() }))
    // The model that is deployed, and the one before it, need a place.
    .max(MAX_TARGETS - 2)
    .exactOptional(),
  /** The first rule that matches says which target answers: a model of the route by its ref, or `new`. */
  rules: z
    .array(Rule.omit({ target: true }).extend({ model: z.union([z.literal(NEW_MODEL), ModelRef]) }))
    .max(MAX_RULES)
    .exactOptional(),
  /** Asked beside, for a share of the requests; its answers are recorded and never sent. */
  shadow: z.strictObject({ model: ModelRef, share: Share }).exactOptional(),
})
export type RouteSettings = z.infer<typeof RouteSettings>

/** What does not fit together in settings, before anything is known of the models. */
export function settingsProblems(settings: RouteSettings): RouteProblem[] {
  return [
    ...behaviourProblems(settings, EVALUATORS_OF.response),
    ...guardrailProblems(settings),
    ...schemaProblems(settings),
    ...placeProblems(settings),
  ]
}

/** A schema that cannot be applied would refuse every answer. */
function* schemaProblems({ answerSchema }: RouteSettings): Generator<RouteProblem> {
  if (answerSchema === undefined) return
  const { score, reason } = againstSchema(answerSchema, '{}')
  if (score === null) yield { path: 'answerSchema', message: reason }
}

function* placeProblems({ canary, weight, targets = [] }: RouteSettings): Generator<RouteProblem> {
  if (canary && weight !== undefined)
    yield {
      path: 'weight',
      message: 'a canary takes its share of the users; give it a weight when it is deployed to all',
    }
  if (canary && targets.length > 0)
    yield {
      path: 'targets',
      message:
        'a canary leaves the targets of production as they are; give further ones when it is deployed to all',
    }
  if (weight === undefined && targets.some((target) => target.weight !== undefined))
    yield {
      path: 'weight',
      message:
        'targets with weights share the traffic: give the deployed model one too, or it only steps in (0 says so)',
    }
}
