import { DEFAULT_BREAKER, DEFAULT_RETRY, type Guardrail, type RouteVersion, type StickyBy } from './route.ts'

export interface SettingInWords {
  /** Such as `Circuit breaker`. */
  name: string
  text: string
}

/** What a route version does beside asking its targets in order, for people. What it does not use is left out. */
export function settingsInWords(spec: RouteVersion): SettingInWords[] {
  const { stickyBy, canary, rules = [], hedgeMs, shadow, commit, cache, guardrails = [] } = spec
  return [
    { name: 'Timeouts', text: timeouts(spec) },
    { name: 'Retries', text: retries(spec) },
    { name: 'Circuit breaker', text: breaker(spec) },
    canary && { name: 'Canary', text: `${percent(canary.share)} of ${users(canary.stickyBy)}` },
    stickyBy && { name: 'Sticky', text: `a target is drawn for ${users(stickyBy)}` },
    ...rules.map(({ when, target }) => ({ name: 'Rule', text: `${conditions(when)}: asks ${target} first` })),
    hedgeMs !== undefined && { name: 'Hedging', text: `asks the next target too after ${length(hedgeMs)}` },
    shadow && {
      name: 'Shadow',
      text: `${percent(shadow.share)} of the requests are sent to ${shadow.target.id} too; its answers are only recorded`,
    },
    commit === 'complete' && { name: 'Commit', text: 'an answer is sent when it is whole' },
    limits(spec),
    cache && {
      name: 'Cache',
      text: `equal requests get the same answer for ${length(cache.ttlSeconds * 1_000)}`,
    },
    ...guardrails.map((each) => ({ name: 'Guardrail', text: guardrail(each) })),
    spec.repair === true && {
      name: 'Repair',
      text: 'asks once more when the answer does not satisfy its schema',
    },
    spec.bindPrompt === true && { name: 'Prompt', text: `starts each request with ${spec.prompt}` },
  ].filter((setting): setting is SettingInWords => typeof setting === 'object')
}

function timeouts({ timeouts: { headersMs, firstChunkMs, chunkMs, totalMs } }: RouteVersion): string {
  return [
    headersMs !== undefined && `${length(headersMs)} to the headers`,
    firstChunkMs !== undefined && `${length(firstChunkMs)} more to the first chunk`,
    chunkMs !== undefined && `${length(chunkMs)} between chunks`,
    `${length(totalMs)} in all`,
  ]
    .filter(Boolean)
    .join(', ')
}

function retries({ retry }: RouteVersion): string {
  const { sameTarget, baseMs, maxMs, honourRetryAfterMs } = retry ?? DEFAULT_RETRY
  if (sameTarget === 0) return 'none of the same target'
  const wait = `after up to ${length(baseMs)}${sameTarget > 1 ? `, doubled to at most ${length(maxMs)}` : ''}`
  const times = sameTarget === 1 ? 'one more try' : `${sameTarget} more tries`
  return `${times} of the same target, ${wait}; waits for a Retry-After of up to ${length(honourRetryAfterMs)}`
}

function breaker({ breaker: given }: RouteVersion): string {
  const each = given ?? DEFAULT_BREAKER
  const of = `of ${each.minRequests} or more requests in ${length(each.windowMs)}`
  const slow =
    each.slowMs === undefined
      ? ''
      : `, or when ${percent(each.slowRate)} take longer than ${length(each.slowMs)}`
  const cooldown =
    each.cooldownMs === each.maxCooldownMs
      ? length(each.cooldownMs)
      : `${length(each.cooldownMs)}, later up to ${length(each.maxCooldownMs)}`
  const probes = each.probes === 1 ? 'a good probe' : `${each.probes} good probes`
  return `opens when ${percent(each.errorRate)} ${of} fail, or ${each.inARow} in a row${slow}; probes after ${cooldown}; closes after ${probes}`
}

function limits({ limits: given }: RouteVersion): SettingInWords | undefined {
  if (!given) return undefined
  const { requestsPerMinute, tokensPerMinute, tokensPerDay, usdPerDay } = given
  const text = [
    requestsPerMinute !== undefined && `${whole(requestsPerMinute)} requests a minute and key`,
    tokensPerMinute !== undefined && `${whole(tokensPerMinute)} tokens a minute and key`,
    tokensPerDay !== undefined && `${whole(tokensPerDay)} tokens a day`,
    usdPerDay !== undefined && `$${usdPerDay} a day`,
  ].filter(Boolean)
  return text.length === 0 ? undefined : { name: 'Limits', text: text.join(', ') }
}

const ON_FAIL: Record<Guardrail['onFail'], string> = {
  refuse: 'refused',
  redact: 'redacted',
  next_target: 'asked of the next target',
  flag: 'flagged in its trace',
}

function guardrail({ on, check, onFail }: Guardrail): string {
  return `a ${on} that fails ${check} is ${ON_FAIL[onFail]}`
}

function users(by: StickyBy): string {
  if (by === 'none') return 'requests, whoever sends them'
  if (by === 'user') return 'users'
  const [kind, name] = [by.slice(0, by.indexOf(':')), by.slice(by.indexOf(':') + 1)]
  return kind === 'header' ? `users, by the header ${name}` : `users, by the metadata ${name}`
}

function conditions(when: Readonly<Record<string, string | readonly string[]>>): string {
  return Object.entries(when)
    .map(([name, wanted]) => `${name} is ${typeof wanted === 'string' ? wanted : wanted.join(' or ')}`)
    .join(' and ')
}

/** Without the rounding errors of binary fractions. */
function percent(share: number): string {
  return `${Number((share * 100).toPrecision(12))}%`
}

function whole(number: number): string {
  return number.toLocaleString('en')
}

const UNITS = [
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const

/** In the largest unit that needs no fraction, or in seconds: 90 s, 2.5 s, 250 ms. */
function length(ms: number): string {
  const [size, unit] = UNITS.find(([each]) => ms % each === 0) ?? (ms < 1_000 ? [1, 'ms'] : [1_000, 's'])
  return `${ms / size} ${unit}`
}
