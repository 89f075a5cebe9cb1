import type { RouteTarget } from '../routing/route.ts'
import { anthropic } from './anthropic/anthropic.ts'
import { openai } from './openai.ts'
import type { Provider } from './provider.ts'
import { workersAi } from './workers-ai/workers-ai.ts'

const PROVIDERS: Record<Provider['name'], Provider> = { openai, anthropic, 'workers-ai': workersAi }

/** The API that a target speaks: OpenAI's where the target does not say. */
export function providerOf({ provider = 'openai' }: Pick<RouteTarget, 'provider'>): Provider {
  return PROVIDERS[provider]
}
