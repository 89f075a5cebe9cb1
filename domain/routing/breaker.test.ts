import { describe, expect, test } from 'vitest'
import {
  abandonProbe,
  admits,
  closedBreaker,
  report,
  startProbe,
  type BreakerReport,
  type BreakerState,
} from './breaker.ts'
import { DEFAULT_BREAKER, type Breaker } from './route.ts'

const T0 = 1_000_000_000
const GOOD = { ok: true, ms: 10, probe: false }
const BAD = { ok: false, ms: 10, probe: false }

function after(
  reports: (BreakerReport & { at?: number })[],
  policy: Partial<Breaker> = {},
  from = closedBreaker(),
): BreakerState {
  return reports.reduce(
    (state, { at = 0, ...each }) => report(state, each, { ...DEFAULT_BREAKER, ...policy }, T0 + at),
    from,
  )
}
const times = (n: number, outcome: BreakerReport) => Array.from({ length: n }, () => outcome)
/** Opened at T0, for 5 s. */
const open = after(times(5, BAD))
const probing = startProbe(open, T0 + 5_000)

describe('opening', () => {
  test('at five failures in a row, not at four', () => {
    expect(admits(after(times(4, BAD)), T0)).toBe('yes')
    expect(admits(open, T0)).toBe('no')
    expect(admits(after([...times(4, BAD), GOOD, ...times(4, BAD)]), T0)).toBe('yes')
  })

  test('at half of twenty, not of nineteen', () => {
    const mixed = Array.from({ length: 19 }, (_, i) => (i % 2 ? GOOD : BAD))
    expect(admits(after(mixed), T0)).toBe('yes')
    expect(admits(after([...mixed, GOOD]), T0)).toBe('no')
  })

  test('failures are forgotten after the window', () => {
    const mixed = Array.from({ length: 19 }, (_, i) => (i % 2 ? GOOD : BAD))
    expect(admits(after([...mixed, { ...GOOD, at: 10_000 }]), T0 + 10_000)).toBe('yes')
  })

  test('never by success alone, whatever the rate', () => {
    expect(admits(after(times(100, GOOD), { errorRate: 0, slowMs: 10, slowRate: 0 }), T0)).toBe('yes')
  })

  test('at half of the answers slow, where latency counts', () => {
    const slow = Array.from({ length: 20 }, (_, i) => (i % 2 ? GOOD : { ...GOOD, ms: 900 }))
    expect(admits(after(slow), T0)).toBe('yes')
    expect(admits(after(slow, { slowMs: 500 }), T0)).toBe('no')
  })

  test('at once and for as long as the target asks', () => {
    const limited = after([{ ...BAD, openForMs: 20_000 }])
    expect([admits(limited, T0 + 19_999), admits(limited, T0 + 20_000)]).toEqual(['no', 'probe'])
    expect(admits(after([{ ...GOOD, openForMs: 20_000 }]), T0)).toBe('yes')
  })
})

describe('recovering', () => {
  test('one probe at a time; two good ones close it', () => {
    expect(admits(open, T0 + 4_999)).toBe('no')
    expect(admits(open, T0 + 5_000)).toBe('probe')
    expect(admits(probing, T0 + 5_001)).toBe('no')
    const once = after([{ ok: true, ms: 100, probe: true, at: 5_100 }], {}, probing)
    expect(admits(once, T0 + 5_100)).toBe('probe')
    const twice = after([{ ok: true, ms: 100, probe: true, at: 5_300 }], {}, startProbe(once, T0 + 5_200))
    expect(admits(twice, T0 + 5_300)).toBe('yes')
  })

  test('each probe that fails doubles the wait, up to 15 s', () => {
    let [state, now] = [open, T0 + 5_000]
    const waits: number[] = []
    for (let i = 0; i < 6; i++) {
      state = report(startProbe(state, now), { ...BAD, probe: true }, DEFAULT_BREAKER, now)
      const wait = [10_000, 15_000].find((ms) => admits(state, now + ms) === 'probe')!
      expect(admits(state, now + wait - 1)).toBe('no')
      waits.push(wait)
      now += wait
    }
    expect(waits).toEqual([10_000, 15_000, 15_000, 15_000, 15_000, 15_000])
  })

  test('a slow probe is no good one, where latency counts', () => {
    const slow = after([{ ok: true, ms: 900, probe: true, at: 6_000 }], { slowMs: 500 }, probing)
    expect(admits(slow, T0 + 6_000)).toBe('no')
    expect(admits(slow, T0 + 16_000)).toBe('probe')
  })

  test('failures of what was sent before it opened do not extend the time', () => {
    const late = after(
      [
        { ...BAD, ms: 9_000, at: 4_000 },
        { ...BAD, ms: 9_000, at: 4_500, openForMs: 60_000 },
      ],
      {},
      open,
    )
    expect(late).toEqual(open)
    expect(after([{ ...BAD, ms: 9_000, at: 5_500 }], {}, probing)).toEqual(probing)
  })

  test('nor do they open it again, once it closed', () => {
    const closed = after([{ ok: true, ms: 1, probe: true, at: 5_001 }], { probes: 1 }, probing)
    expect(
      admits(
        after(
          times(9, { ...BAD, ms: 9_000 }).map((each) => ({ ...each, at: 6_000 })),
          {},
          closed,
        ),
        T0 + 6_000,
      ),
    ).toBe('yes')
    expect(
      admits(
        after(
          times(5, { ...BAD, ms: 100 }).map((each) => ({ ...each, at: 6_000 })),
          {},
          closed,
        ),
        T0 + 6_000,
      ),
    ).toBe('no')
  })

  test('a probe that never reports, or that found nothing out, frees its place', () => {
    const leased = startProbe(open, T0 + 5_000, 30_000)
    expect([admits(leased, T0 + 34_999), admits(leased, T0 + 35_000)]).toEqual(['no', 'probe'])
    expect(admits(abandonProbe(leased), T0 + 5_001)).toBe('probe')
  })

  test('a probe whose stream breaks after a good beginning takes that back', () => {
    const begun = { ok: true, ms: 50, probe: true, at: 5_050 }
    const broken = { ok: false, ms: 2_000, probe: true, at: 7_000 }
    const halfOpen = after([begun], {}, probing)
    const reopened = after([broken], {}, halfOpen)
    expect([admits(reopened, T0 + 16_999), admits(reopened, T0 + 17_000)]).toEqual(['no', 'probe'])
    const closed = after([begun], { probes: 1 }, probing)
    const opened = after([broken], { probes: 1 }, closed)
    expect([admits(opened, T0 + 11_999), admits(opened, T0 + 12_000)]).toEqual(['no', 'probe'])
  })

  test('a stream that ends well tells nothing of an outage that began while it ran', () => {
    const old = { ok: true, ms: 40, ageMs: 9_000, probe: false, at: 6_000 }
    expect(after([old, old], {}, open)).toEqual(open)
    // Its latency is that of its first chunk.
    const long = { ok: true, ms: 40, ageMs: 9_000, probe: false, at: 0 }
    expect(admits(after(times(20, long), { slowMs: 500 }), T0)).toBe('yes')
  })

  test('what was tried anyway and went well shows that the target is back', () => {
    const tried = after(
      [
        { ...GOOD, at: 1_000 },
        { ...GOOD, at: 1_010 },
      ],
      {},
      open,
    )
    expect(admits(tried, T0 + 1_010)).toBe('yes')
    const lateSuccess = after(
      [
        { ...GOOD, ms: 3_000, at: 1_000 },
        { ...GOOD, ms: 3_000, at: 1_010 },
      ],
      {},
      open,
    )
    expect(lateSuccess).toEqual(open)
    expect(after([{ ...BAD, at: 1_000 }], {}, open)).toEqual(open)
  })
})
