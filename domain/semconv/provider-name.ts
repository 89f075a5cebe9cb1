import { own } from '../own.ts'
import { nameOf } from './attribute.ts'

/**
 * OpenTelemetry's `gen_ai.provider.name` by what else is written for it: names that `gen_ai.system` had, OpenInference's
 * `llm.provider` and `llm.system`, and the first part of the Vercel AI SDK's providers (`openai.chat`).
 */
const ALIASES: Record<string, string> = {
  'az.ai.inference': 'azure.ai.inference',
  'az.ai.openai': 'azure.ai.openai',
  'azure-openai': 'azure.ai.openai',
  azure: 'azure.ai.openai',
  gemini: 'gcp.gemini',
  'google.generative-ai': 'gcp.gemini',
  'google-generative-ai': 'gcp.gemini',
  google: 'gcp.gen_ai',
  vertex_ai: 'gcp.vertex_ai',
  vertexai: 'gcp.vertex_ai',
  'google.vertex': 'gcp.vertex_ai',
  'google-vertex': 'gcp.vertex_ai',
  'amazon-bedrock': 'aws.bedrock',
  bedrock: 'aws.bedrock',
  aws: 'aws.bedrock',
  mistral: 'mistral_ai',
  mistralai: 'mistral_ai',
  xai: 'x_ai',
  'x.ai': 'x_ai',
  'workers-ai': 'cloudflare.workers_ai',
  workersai: 'cloudflare.workers_ai',
}

/** Kinds of model that the Vercel AI SDK writes behind a provider. */
const MODEL_TYPE =
  /\.(?:chat|completion|responses|messages|embedding|textEmbedding|image|transcription|speech|reranking)$/

/** A provider by OpenTelemetry's name; one that it does not know as it is. */
export function providerName(value: unknown): string | null {
  const name = nameOf(value)
  if (name === null) return null
  const plain = name.replace(MODEL_TYPE, '')
  return own(ALIASES, plain.toLowerCase()) ?? plain
}
