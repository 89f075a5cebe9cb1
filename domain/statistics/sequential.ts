import { normalProbability } from './mean.ts'

/** A one-sided boundary that a sum of independent increments crosses at any time with a probability of at most alpha. */
export interface SequentialDesign {
  alpha: number
  /** Prior variance of the mixture, in units of information: from `designFor`, never from the data. */
  rho: number
}

/** Margins below this are planned for as if they were this. */
const SMALLEST_MARGIN = 0.005
/** Steps of the search for the design. */
const STEPS = 60

/**
 * The design whose bound comes within the margin of the estimate with the least information: an estimate of no
 * difference is then shown to be no more than the margin worse as early as this kind of boundary can.
 */
export function designFor(margin: number, alpha: number): SequentialDesign {
  // With information mρ, `boundary = margin · mρ` is solved by ρ = 2 (m + 1) L(m) / (margin · m)².
  const needed = (m: number) => ((m + 1) / m) * logTerm(m, alpha)
  let [low, high] = [0.01, 10_000]
  for (let step = 0; step < STEPS; step++) {
    const [a, b] = [low * (high / low) ** (1 / 3), low * (high / low) ** (2 / 3)]
    if (needed(a) < needed(b)) high = b
    else low = a
  }
  const m = low
  const reach = Math.max(SMALLEST_MARGIN, margin) * m
  return { alpha, rho: (2 * (m + 1) * logTerm(m, alpha)) / reach ** 2 }
}

function logTerm(m: number, alpha: number): number {
  return Math.log(Math.sqrt(m + 1) / (2 * alpha) + 1)
}

/**
 * How many standard errors away a bound has to be to hold at every look together: the one-sided normal mixture
 * `√(2 (v + ρ) log(√((v + ρ) / ρ) / (2α) + 1) / v)` with v the information, `1 / error²` (Robbins 1970, Ann. Math. Stat.
 * 41:1397; Howard, Ramdas, McAuliffe & Sekhon 2021, Ann. Stat. 49:1055). With an estimated error it is an asymptotic
 * confidence sequence (Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2024, Ann. Stat. 52:2613): to be used from a
 * first look on that the normal distribution fits. It grows with √log v, so that looking for ever costs little.
 */
export function sequentialZ({ alpha, rho }: SequentialDesign, information: number): number {
  if (!(information > 0)) return Infinity
  const m = information / rho
  return Math.sqrt((2 * (m + 1) * logTerm(m, alpha)) / m)
}

/**
 * The level at which bounds for a single look are as far away as those for any number of looks: it lets bounds that
 * suit small samples (Wilson, Student's t) be used at every look.
 */
export function sequentialLevel(design: SequentialDesign, information: number): number {
  return Math.max(SMALLEST_LEVEL, 1 - normalProbability(sequentialZ(design, information)))
}

/** Quantiles of smaller levels are beyond what floating point can tell from 0. */
const SMALLEST_LEVEL = 1e-12
