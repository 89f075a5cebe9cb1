import { afterAll, beforeAll, describe } from 'vitest'
import { agentccTests } from './clients/agentcc.ts'
import { aiSdkTests } from './clients/ai-sdk.ts'
import { startGateway, type Gateway } from './clients/gateway.ts'
import { langchainTests } from './clients/langchain.ts'
import { openaiSdkTests } from './clients/openai-sdk.ts'

let gateway: Gateway

beforeAll(async () => {
  gateway = await startGateway()
}, 120_000)
afterAll(() => gateway?.stop())

describe('openai', () => {
  openaiSdkTests(() => gateway)
})
describe('@ai-sdk/openai-compatible', () => {
  aiSdkTests(() => gateway)
})
describe('@langchain/openai', () => {
  langchainTests(() => gateway)
})
describe('agentcc', () => {
  agentccTests(() => gateway)
})
