// A peer's evaluators behind lines of JSON: questions on standard input, answers on standard output.
import { createInterface } from 'node:readline'

const [, , peer] = process.argv

/** One call of a scorer that needs no model, as the peer's own documentation shows it. */
const scorers = {
  async autoevals() {
    const autoevals = await import('autoevals')
    return async ({ scorer, output, expected, schema }) =>
      (await autoevals[scorer]({ output, expected, schema })).score
  },
  async promptfoo() {
    const { default: promptfoo } = await import('promptfoo')
    return async ({ scorer, output, expected }) => {
      const assertion = { type: scorer, value: expected, threshold: 0 }
      const result = await promptfoo.assertions.runAssertion({
        assertion,
        test: { vars: {} },
        providerResponse: { output },
      })
      return result.score
    }
  },
}

const score = await scorers[peer]()
const answer = (value) => process.stdout.write(`${JSON.stringify({ answer: value })}\n`)

async function scoreAll(calls) {
  const scores = []
  for (const call of calls) {
    try {
      scores.push(await score(call))
    } catch {
      scores.push(null)
    }
  }
  return scores
}

answer('ready')
for await (const line of createInterface({ input: process.stdin })) {
  const { calls, rounds } = JSON.parse(line)
  if (rounds === undefined) answer(await scoreAll(calls))
  else {
    const seconds = []
    for (let round = 0; round < rounds; round++) {
      const started = performance.now()
      await scoreAll(calls)
      seconds.push((performance.now() - started) / 1000)
    }
    answer(seconds)
  }
}
