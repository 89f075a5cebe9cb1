import type { Check, Chain, Rule, Scope } from './check.ts'
import type { Target } from './documents.ts'
import { UnusableSchema } from './problem.ts'
import { addSeen, nothingSeen } from './seen.ts'
import { isObject } from './value.ts'

export const followReference: Rule = (operand, check) =>
  follow(check.run.documents.resolve(String(operand), check.at.resource), check)

/** `$dynamicRef`: the outermost resource on the way here that has the anchor (core 2020-12, 8.2.3.2). */
export const followDynamic: Rule = (operand, check) => {
  const { run, at } = check
  let target = run.documents.resolve(String(operand), at.resource)
  const anchor = target.dynamicAnchor
  if (anchor !== undefined)
    for (let scope: Scope | undefined = at.scope; scope; scope = scope.outer) {
      run.meter.spend(1)
      const schema = scope.resource.dynamicAnchors.get(anchor)
      if (schema) target = { schema, resource: scope.resource }
    }
  return follow(target, check)
}

/** `$recursiveRef`: the outermost resource on the way here with `$recursiveAnchor` (core 2019-09, 8.2.4.2). */
export const followRecursive: Rule = (operand, check) => {
  const { run, at } = check
  let target = run.documents.resolve(String(operand), at.resource)
  if (isAnchored(target))
    for (let scope: Scope | undefined = at.scope; scope; scope = scope.outer) {
      run.meter.spend(1)
      const outer = { schema: scope.resource.root, resource: scope.resource }
      if (isAnchored(outer)) target = outer
    }
  return follow(target, check)
}

function isAnchored({ schema }: Target): boolean {
  return isObject(schema) && schema.$recursiveAnchor === true
}

function follow({ schema, resource }: Target, { run, value, at, seen }: Check): boolean {
  for (let chain: Chain | undefined = at.references; chain; chain = chain.earlier) {
    run.meter.spend(0.1)
    if (chain.schema === schema && isObject(schema))
      throw new UnusableSchema('its references go round in a circle')
  }
  const own = seen && nothingSeen()
  const scope = at.scope.resource === resource ? at.scope : { resource, outer: at.scope }
  const references = { schema, earlier: at.references }
  const { path, errors } = at
  const holds = run.holds(schema, value, { path, resource, scope, references, errors }, own)
  if (holds && seen && own) addSeen(seen, own, run.meter)
  return holds
}
