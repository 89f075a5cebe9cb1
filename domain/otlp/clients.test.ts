import { existsSync, globSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { encodingOf } from './encoding.ts'
import { decodeTraces } from './requests.ts'
import { fromBase64 } from './wire/base64.ts'

const CLIENTS = '/work/shared/fixtures/clients'
const there = existsSync(CLIENTS)
const files = there ? globSync('*/*_traces.json', { cwd: CLIENTS }).toSorted() : []

interface Recorded {
  headers: Record<string, string>
  json?: unknown
  base64?: string
}

/** What arrived, decompressed as the ingest does. */
function recorded(file: string) {
  const { headers, json, base64 } = JSON.parse(readFileSync(`${CLIENTS}/${file}`, 'utf8')) as Recorded
  const sent = base64 === undefined ? new TextEncoder().encode(JSON.stringify(json)) : fromBase64(base64)
  // The logger kept some bodies as they were after decompression.
  const zipped = sent[0] === 0x1f && sent[1] === 0x8b
  const body = zipped ? new Uint8Array(gunzipSync(sent)) : sent
  const result = decodeTraces(body, encodingOf(headers['content-type']!)!, {
    now: new Date('2026-11-24T04:00:00Z'),
  })
  if (result.status === 'undecodable') throw new Error(result.reason)
  return result
}

const spansOf = (file: string) => recorded(file).groups.flatMap(({ records }) => records)

describe.skipIf(!there)('what real clients sent', () => {
  test.for(files)('%s is taken whole', (file) => {
    const { faults, seen, groups } = recorded(file)
    expect([...faults]).toEqual([])
    expect(seen).toBeGreaterThan(0)
    expect(groups.reduce((sum, { records }) => sum + records.length, 0)).toBe(seen)
    for (const { resource } of groups) expect(resource.attributes['service.name']).toBeTypeOf('string')
  })

  test('the Vercel AI SDK through traceAI: empty values are null', () => {
    const { groups } = recorded('npm-vercel-otel/002_POST__tracer_v1_traces.json')
    const [span] = groups[0]!.records
    expect([groups[0]!.scope.name, span!.name]).toEqual(['ai', 'ai.generateText.doGenerate'])
    expect(span!.attributes).toMatchObject({
      'gen_ai.usage.output_tokens': 2,
      'gen_ai.response.finish_reasons': ['stop'],
      'llm.input_messages.0.message.tool_calls.0.tool_call.id': null,
    })
  })

  test('the protobuf exporter says what the JSON exporter said', () => {
    const protobuf = spansOf('npm-vercel-otel/007_POST__v1_traces.json')
    const json = globSync('npm-vercel-otel/00[23]_*_traces.json', { cwd: CLIENTS }).flatMap(spansOf)
    const byName = (name: string) => (span: { name: string }) => span.name === name
    for (const span of json) {
      const same = protobuf.find(byName(span.name))!
      expect(same).toMatchObject({ attributes: span.attributes, kind: span.kind, status: span.status })
    }
    expect(protobuf.find(byName('ai.generateText.doGenerate'))!.parentSpanId).toMatch(/^[0-9a-f]{16}$/)
  })
})
