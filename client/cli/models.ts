import { readFileSync } from 'node:fs'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { PROVIDERS } from '../../domain/routing/route.ts'
import { answer } from '../sluice.ts'
import { connect } from './connection.ts'
import { Failure } from './failure.ts'
import { print, table } from './output.ts'
import { showTime } from './show-run.ts'

/** What routes are made of: `models register|list`, `prompts register`. */
export function modelCommands(program: Command): void {
  const models = program.command('models').description('models that somebody else serves, and their versions')
  models
    .command('register')
    .description('register a version of a model; prints its ref')
    .argument('<name>')
    .requiredOption('--model <id>', 'the id by which the provider knows it')
    .addOption(new Option('--provider <api>', 'the API that it speaks').choices(PROVIDERS).default('openai'))
    .option('--base-url <url>', 'address before the endpoint, such as https://api.openai.com/v1')
    .option('--secret <name>', 'name of the Worker secret that holds its key, never the key')
    .option('--input-price <usd>', 'dollars a million tokens of a request', amount)
    .option('--output-price <usd>', 'dollars a million tokens of an answer', amount)
    .option('--context <tokens>', 'tokens that fit', amount)
    .option('--note <text>', 'why there is this version')
    .action(register)
  models
    .command('list')
    .description('list the versions of a model, newest first')
    .argument('<name>')
    .action(list)
  program
    .command('prompts')
    .description('prompts, and their versions')
    .command('register')
    .description('register a version of a prompt from a file; prints its ref')
    .argument('<name>')
    .argument('<file>')
    .action(registerPrompt)
}

interface Given {
  model: string
  provider: (typeof PROVIDERS)[number]
  baseUrl?: string
  secret?: string
  inputPrice?: number
  outputPrice?: number
  context?: number
  note?: string
}

async function register(name: string, given: Given, command: Command): Promise<void> {
  const { model, provider, baseUrl, secret, inputPrice, outputPrice, context, note } = given
  if ((inputPrice === undefined) !== (outputPrice === undefined))
    throw new Failure('usage', 'Give --input-price and --output-price together')
  const registered = await answer(
    connect(command).models[':name'].versions.$post({
      param: { name },
      json: {
        provider,
        servedModel: model,
        ...(baseUrl === undefined ? {} : { baseUrl }),
        ...(secret === undefined ? {} : { secret }),
        ...(inputPrice === undefined || outputPrice === undefined
          ? {}
          : { price: { inputPerMTok: inputPrice, outputPerMTok: outputPrice } }),
        ...(context === undefined ? {} : { contextTokens: context }),
        ...(note === undefined ? {} : { note }),
      },
    }),
  )
  print(command, registered, [registered.ref])
}

/** As far as it is shown; a model that Sluice trained says nothing of an API. */
interface Manifest {
  serving?: { provider?: string; servedModel?: string; baseUrl?: string }
  note?: string
}

async function list(name: string, _options: unknown, command: Command): Promise<void> {
  const page = await answer(
    connect(command).artifacts[':kind'][':name'].$get({ param: { kind: 'model', name } }),
  )
  const rows = page.artifacts.map(({ ref, manifest, createdAt, createdBy }) => {
    const { serving = {}, note = '' } = manifest as Manifest
    const { provider = 'openai', servedModel = '', baseUrl = '' } = serving
    return [ref, showTime(createdAt), provider, servedModel, baseUrl, createdBy, note]
  })
  print(command, page, rows.length === 0 ? [`there is no model ${name}`] : table(rows))
}

async function registerPrompt(
  name: string,
  file: string,
  _options: unknown,
  command: Command,
): Promise<void> {
  const registered = await answer(
    connect(command).prompts[':name'].versions.$post({ param: { name }, json: { template: textOf(file) } }),
  )
  print(command, registered, [registered.ref])
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new Failure('file', `There is no file ${file}`)
  }
}

function amount(text: string): number {
  const number = Number(text)
  if (text.trim() === '' || !(number >= 0)) throw new InvalidArgumentError('Give a number, 0 or more.')
  return number
}
