import { createClient } from '../../../client/sluice.ts'
import { deployRoute } from '../../stack/deploy-route.ts'
import type { Peer } from '../peers/peer.ts'
import type { Asking } from './caller.ts'
import type { Provider } from './provider-process.ts'

/** A pair of models, the second behind the first. */
export interface Models {
  primary: string
  fallback: string
}

/** What is put between the caller and the provider. */
export interface System {
  /** Part of the labels of the figures. */
  name: string
  title: string
  hasFallback: boolean
  /** How a caller asks for the first model, with the second behind it. */
  asking(models: Models): Asking
}

/** The budget that every system of the catalogue is given: two retries, 30 s of patience, one fallback. */
const RETRIES = 2
const PATIENCE_MS = 30_000

/** Name of a Worker secret that any stack has: the provider asks for no key. */
const SECRET = 'GPU_ENDPOINT_KEY'
/** The fallback holds more, so that it is the larger model that S12 speaks of. */
const CONTEXT_TOKENS = { primary: 8_192, fallback: 131_072 }

/** No gateway, no retries. */
export function direct(provider: Provider): System {
  return {
    name: 'direct',
    title: 'no gateway',
    hasFallback: false,
    asking: ({ primary }) => ({
      baseUrl: provider.baseUrl('direct'),
      model: primary,
      headers: {},
      silenceMs: PATIENCE_MS,
    }),
  }
}

/** As its documentation has it: retries of the first target, `Retry-After` honoured, a request timeout, a fallback. */
export function portkey(provider: Provider, { baseUrl }: Pick<Peer, 'baseUrl'>): System {
  const target = (model: string) => ({
    provider: 'openai',
    api_key: 'none',
    custom_host: provider.baseUrl('portkey'),
    override_params: { model },
  })
  const retry = {
    attempts: RETRIES,
    on_status_codes: [429, 500, 502, 503, 504],
    use_retry_after_header: true,
  }
  return {
    name: 'portkey',
    title: 'Portkey',
    hasFallback: true,
    asking({ primary, fallback }) {
      const config = {
        strategy: { mode: 'fallback' },
        request_timeout: PATIENCE_MS,
        targets: [{ ...target(primary), retry }, target(fallback)],
      }
      return { baseUrl, model: primary, headers: { 'x-portkey-config': JSON.stringify(config) } }
    },
  }
}

export interface SluiceAccess {
  url: string
  key: string
}

/** A route of its own for each pair of models. Beyond `commit` its settings are those of a route that says nothing. */
export async function sluice(
  provider: Provider,
  { url, key }: SluiceAccess,
  commit: 'complete' | 'first',
  pairs: readonly Models[],
): Promise<System> {
  const name = commit === 'complete' ? 'complete' : 'stream'
  const client = createClient({ url, key })
  const route = ({ primary }: Models) => `${name}-${primary}`
  for (const pair of pairs)
    await deployRoute(client, {
      route: route(pair),
      targets: (['primary', 'fallback'] as const).map((place) => ({
        baseUrl: provider.baseUrl(name),
        servedModel: pair[place],
        secret: SECRET,
        contextTokens: CONTEXT_TOKENS[place],
      })),
      with: { commit },
    })
  return {
    name,
    title: `Sluice, commit: ${commit}`,
    hasFallback: true,
    asking: (models) => ({
      baseUrl: `${url}/v1`,
      model: route(models),
      headers: { authorization: `Bearer ${key}` },
    }),
  }
}
