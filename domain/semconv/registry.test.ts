import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { finishReasons } from './finish-reason.ts'
import { isKnownPart } from './message-parts.ts'
import { normalise } from './normalise.ts'
import { providerName } from './provider-name.ts'
import { ROLES } from './view.ts'

const FIXTURES = '/work/shared/fixtures/genai-semconv'
const HAS_FIXTURES = existsSync(FIXTURES)

const read = (path: string) => readFileSync(path, 'utf8')
const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1]!)

/** Values that OpenTelemetry's registry lists for an attribute. */
function members(attribute: string): string[] {
  const registry = read(`${FIXTURES}/model-registry.yaml`)
  const from = registry.indexOf(`- id: ${attribute}\n`)
  const to = registry.indexOf('\n      - id: ', from)
  return matches(registry.slice(from, to), /value: "([^"]+)"/g)
}

/** Schemas of messages by the name of their definition. */
function definitions(
  file: string,
): Record<string, { enum?: string[]; properties?: { type?: { const?: string } } }> {
  return JSON.parse(read(`${FIXTURES}/${file}.json`)).$defs
}

describe.skipIf(!HAS_FIXTURES)("OpenTelemetry's registry", () => {
  test('every current name that is read stands in it', () => {
    const registry = read(`${FIXTURES}/model-registry.yaml`)
    const ids = matches(registry, /- id: (gen_ai\.[\w.]+)/g)
    const source = read(`${import.meta.dirname}/conventions/gen-ai.ts`)
    const names = matches(source, /'(gen_ai\.[\w.]+)'/g)
    const event = 'gen_ai.client.inference.operation.details'
    expect(names.length).toBeGreaterThan(25)
    expect(names.filter((name) => name !== event && !ids.includes(name))).toEqual([])
    expect(read(`${FIXTURES}/model-events.yaml`)).toContain(`name: ${event}`)
  })

  test('its operations are of a kind', () => {
    const operations = members('gen_ai.operation.name')
    expect(operations).toContain('chat')
    const kinds = operations.map(
      (operation) => normalise({ name: 's', attributes: { 'gen_ai.operation.name': operation } }).kind,
    )
    expect(kinds).not.toContain('other')
  })

  test('its providers and finish reasons stay as they are', () => {
    const providers = members('gen_ai.provider.name')
    expect(providers).toContain('aws.bedrock')
    expect(providers.map(providerName)).toEqual(providers)
    const reasons = definitions('gen-ai-output-messages').FinishReason!.enum!
    expect(finishReasons(reasons)).toEqual(reasons)
  })

  test('its roles and parts of messages are known', () => {
    const schema = definitions('gen-ai-input-messages')
    expect(schema.Role!.enum!.toSorted()).toEqual([...ROLES].toSorted())
    const types = Object.values(schema).flatMap(({ properties }) => properties?.type?.const ?? [])
    expect(types.length).toBeGreaterThan(7)
    expect(types.filter((type) => !isKnownPart({ type }))).toEqual([])
  })
})

test('providers and finish reasons of libraries have the names of the registry', () => {
  expect(
    [
      'openai.chat',
      'google.generative-ai',
      'google.vertex.chat',
      'az.ai.openai',
      'VertexAI',
      'own.thing',
    ].map(providerName),
  ).toEqual(['openai', 'gcp.gemini', 'gcp.vertex_ai', 'azure.ai.openai', 'gcp.vertex_ai', 'own.thing'])
  expect(providerName('constructor')).toBe('constructor')
  expect(finishReasons('["tool-calls","MAX_TOKENS","end_turn"]')).toEqual(['tool_call', 'length', 'stop'])
  expect(finishReasons('content-filter')).toEqual(['content_filter'])
  expect(finishReasons([null, {}, 'pause_turn'])).toEqual(['pause_turn'])
})
