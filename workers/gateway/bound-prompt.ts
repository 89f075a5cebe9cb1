import { renderBoundPrompt } from '../../domain/dataset/bound-prompt.ts'
import { isObject, objectsOf, parsed, type JsonObject } from '../../domain/providers/json-object.ts'
import type { AskedBody } from './asked.ts'
import type { Call } from './call.ts'
import { invalid } from './errors.ts'

const HEADER = 'x-sluice-variables'

/**
 * The request with the variables of its prompt, those of the header before those of the body.
 *
 * @throws GatewayRefusal where there can be none
 */
export function withVariables({ asked, active }: Call, headers: Headers): JsonObject {
  const { kind, body } = asked
  if (kind !== 'chat')
    throw invalid(
      `The route ${active.route} renders a prompt, which only chats have: ask /v1/chat/completions or /v1/responses`,
      'model',
    )
  const { variables = {} } = body
  if (!isObject(variables)) throw invalid('variables must be a JSON object', 'variables')
  const sent = headers.get(HEADER)
  const ofHeader = sent === null ? {} : parsed(sent)
  if (!isObject(ofHeader)) throw invalid(`${HEADER} must be a JSON object`, HEADER)
  return { ...body, variables: { ...variables, ...ofHeader } }
}

/**
 * The request with the route's prompt, rendered with its variables, before its messages.
 *
 * @throws GatewayRefusal where variables are missing, unknown or of another shape
 */
export function withPrompt(
  route: string,
  template: string,
  { variables, messages, ...rest }: JsonObject,
): Pick<AskedBody, 'body' | 'context'> {
  const rendered = renderBoundPrompt(template, isObject(variables) ? variables : {})
  if ('problem' in rendered)
    throw invalid(
      `Of the route ${route}, ${rendered.problem}; send them as variables, or as JSON in ${HEADER}`,
      rendered.variable === null ? 'variables' : `variables.${rendered.variable}`,
    )
  const { content, context } = rendered
  return { body: { ...rest, messages: [{ role: 'system', content }, ...objectsOf(messages)] }, context }
}
