import { join } from 'node:path'
import { expect, test } from 'vitest'
import { answering, folderWith, sluice } from './cli.fixture.ts'

const ref = `model:gpt@${'a'.repeat(64)}`

test('a model is registered with what it costs, and its ref is what is printed', async () => {
  const { asked, env } = await answering({
    'POST /api/v1/models/gpt/versions': { status: 201, body: { ref } },
  })
  const where = ['--base-url', 'https://api.example/v1', '--model', 'gpt-x', '--secret', 'OPENAI_API_KEY']
  const price = ['--input-price', '0.25', '--output-price', '2', '--context', '400000']
  expect((await sluice(['models', 'register', 'gpt', ...where, ...price], env)).out).toBe(`${ref}\n`)
  expect(asked[0]!.body).toEqual({
    provider: 'openai',
    servedModel: 'gpt-x',
    baseUrl: 'https://api.example/v1',
    secret: 'OPENAI_API_KEY',
    price: { inputPerMTok: 0.25, outputPerMTok: 2 },
    contextTokens: 400_000,
  })
  const bound = ['--provider', 'workers-ai', '--model', '@cf/meta/llama']
  await sluice(['models', 'register', 'gpt', ...bound], env)
  expect(asked[1]!.body).toEqual({ provider: 'workers-ai', servedModel: '@cf/meta/llama' })
})

test('what cannot be meant is refused before anything is sent', async () => {
  const { asked, env } = await answering({})
  const why = async (...args: string[]) => {
    const { code, err } = await sluice(['models', 'register', 'gpt', ...args], env)
    return [code, err]
  }
  const refused = await Promise.all([
    why(),
    why('--model', 'x', '--provider', 'opena'),
    why('--model', 'x', '--input-price', '1'),
    why('--model', 'x', '--context', 'many'),
  ])
  expect(refused).toEqual(
    ['--model', 'anthropic', 'together', 'a number'].map((part) => [2, expect.stringContaining(part)]),
  )
  expect(asked).toEqual([])
})

test('versions of a model are listed, whoever serves it', async () => {
  const version = { ref, codeSha: 'x', runId: null, createdBy: 'key_1', createdAt: 0 }
  const serving = { provider: 'anthropic', servedModel: 'claude-x', baseUrl: 'https://api.example/v1' }
  const { env } = await answering({
    'GET /api/v1/artifacts/model/gpt': {
      status: 200,
      body: { artifacts: [{ ...version, manifest: { serving, note: 'the trial' } }] },
    },
    'GET /api/v1/artifacts/model/none': { status: 200, body: { artifacts: [] } },
  })
  expect((await sluice(['models', 'list', 'gpt'], env)).out).toBe(
    `${ref}  1970-01-01 00:00:00  anthropic  claude-x  https://api.example/v1  key_1  the trial\n`,
  )
  expect((await sluice(['models', 'list', 'none'], env)).out).toBe('there is no model none\n')
})

test('a prompt is registered from a file, as it stands there', async () => {
  const { asked, env } = await answering({
    'POST /api/v1/prompts/support/versions': { status: 201, body: { ref: 'prompt:support@1' } },
  })
  const folder = folderWith({ 'support.txt': 'Be kind.\n{{knowledge}}\n' })
  expect((await sluice(['prompts', 'register', 'support', join(folder, 'support.txt')], env)).out).toBe(
    'prompt:support@1\n',
  )
  expect(asked[0]!.body).toEqual({ template: 'Be kind.\n{{knowledge}}\n' })
  const missing = await sluice(['prompts', 'register', 'support', join(folder, 'none.txt')], env)
  expect([missing.code, missing.err]).toEqual([2, expect.stringContaining('There is no file')])
})
