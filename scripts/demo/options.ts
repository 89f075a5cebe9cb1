import { parseArgs } from 'node:util'
import { TranscriptMapping } from '../../domain/dataset/mapping.ts'

export interface DemoOptions {
  /** A file of the user's own; generated transcripts when absent. */
  data: string | undefined
  map: TranscriptMapping
  rows: number
  seed: number
  json: boolean
  keep: boolean
}

const HELP = `npm run demo -- [options]

  --data FILE          transcripts of your own, .ndjson, .jsonl or .csv; without it, ${2000} are generated
  --map PART:COLUMN    where a part stands in your file, any number of times; parts:
                       ${Object.keys(TranscriptMapping.shape).join(', ')}
  --rows N             transcripts to generate (2000)
  --seed N             of the generated transcripts (1)
  --json               print the result as one JSON object on the last line
  --keep               leave the stack up afterwards, and print the dashboard's address`

/** @throws Error with the option and what it takes */
export function parseOptions(args: readonly string[]): DemoOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      map: { type: 'string', multiple: true, default: [] },
      rows: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(HELP)
    return undefined
  }
  return {
    data: values.data,
    map: parseMap(values.map),
    rows: wholeNumber('rows', values.rows, 600),
    seed: wholeNumber('seed', values.seed, 0),
    json: values.json,
    keep: values.keep,
  }
}

function parseMap(pairs: readonly string[]): TranscriptMapping {
  const parts = Object.keys(TranscriptMapping.shape)
  const entries = pairs.map((pair) => {
    const colon = pair.indexOf(':')
    const part = pair.slice(0, colon)
    if (colon < 1 || !parts.includes(part))
      throw new Error(`--map ${pair}: must be PART:COLUMN with a part of ${parts.join(', ')}`)
    return [part, pair.slice(colon + 1)] as const
  })
  return Object.fromEntries(entries) as TranscriptMapping
}

function wholeNumber(name: string, text: string, min: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < min)
    throw new Error(`--${name} ${text}: must be a whole number from ${min}`)
  return value
}
