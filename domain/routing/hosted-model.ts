import * as z from 'zod'
import { PROVIDERS, type Serving } from './route.ts'

/** Longest note on a model version. */
const MAX_NOTE = 500

/** What Workers AI has in place of an address: a binding of the Worker. */
const AI_BINDING = 'binding:AI'

/** What Sluice puts behind a base URL. */
const ENDPOINT = /\/(?:chat\/completions|completions|embeddings|messages|responses)\/*$/

const PricePerMTok = z.number().min(0).max(1_000_000)

/** A model version that somebody else serves, as a person registers it. */
export const HostedModel = z
  .strictObject({
    /** The API that it speaks. */
    provider: z.enum(PROVIDERS).default('openai'),
    /** What `/chat/completions` or `/messages` is put behind, `/v1` included. Workers AI, a binding, has none. */
    baseUrl: z
      .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
      .max(500)
      .refine((url) => isPlain(url), 'must hold no name, password, query or fragment: name a Worker secret')
      .refine(
        (url) => !ENDPOINT.test(url),
        'must end before the endpoint, such as https://api.openai.com/v1: Sluice adds /chat/completions and the like',
      )
      .exactOptional(),
    /** The id by which the provider knows the model. */
    servedModel: z
      .string()
      .min(1)
      .max(200)
      // Answers name it in a header.
      .regex(/^\P{Cc}*$/u, 'must hold no control characters'),
    /** Name of the Worker secret that holds the key; Workers AI needs none. */
    secret: z
      .string()
      .regex(
        /^[A-Z][A-Z0-9_]{0,79}$/,
        'must be the name of a Worker secret in capitals, such as OPENAI_API_KEY, never the key: set it by `wrangler secret put NAME`',
      )
      .exactOptional(),
    /** Dollars a million tokens. Without it, what answers cost is not known, and no budget in dollars can be held. */
    price: z.strictObject({ inputPerMTok: PricePerMTok, outputPerMTok: PricePerMTok }).exactOptional(),
    contextTokens: z.number().int().positive().exactOptional(),
    note: z.string().max(MAX_NOTE).exactOptional(),
  })
  .superRefine((model, context) => {
    for (const field of ['baseUrl', 'secret'] as const) {
      const [bound, given] = [model.provider === 'workers-ai', model[field] !== undefined]
      if (bound === given)
        context.addIssue({
          code: 'custom',
          path: [field],
          message: bound
            ? 'is not taken: Workers AI is the binding AI of this Worker'
            : `is needed for a model of the provider ${model.provider}`,
        })
    }
  })
export type HostedModel = z.infer<typeof HostedModel>

/** Where a hosted model answers. Equal models of equal spelling are served by equal values. */
export function servingOf({
  provider,
  baseUrl,
  servedModel,
  secret,
  price,
  contextTokens,
}: HostedModel): Serving {
  return {
    // OpenAI's API is what a target speaks that says nothing.
    ...(provider === 'openai' ? {} : { provider }),
    baseUrl: (baseUrl ?? AI_BINDING).replace(/\/+$/, ''),
    servedModel,
    secret: secret ?? '',
    ...(price ? { price } : {}),
    ...(contextTokens === undefined ? {} : { contextTokens }),
  }
}

function isPlain(url: string): boolean {
  if (!URL.canParse(url)) return true
  const { username, password, search, hash } = new URL(url)
  return [username, password, search, hash].every((part) => part === '')
}
