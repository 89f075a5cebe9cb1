import type { RouteTarget } from './route.ts'
import { shareOf } from './sticky.ts'

/**
 * One target by weight, always the same for a key, by weighted rendezvous hashing: a target that leaves only moves its own
 * users, and a larger weight only moves users to its target.
 * @see Schindelhauer and Schomaker, "Weighted distributed hash tables" (2005)
 */
export function stickyDraw(route: string, key: string, targets: readonly RouteTarget[]): RouteTarget {
  const distance = ({ id, weight = 0 }: RouteTarget) => -Math.log(shareOf(`${route}\0${id}`, key)) / weight
  return targets.reduce((best, target) => (distance(target) < distance(best) ? target : best))
}

/** One target by weight. @param random in [0, 1) */
export function randomDraw(random: number, targets: readonly RouteTarget[]): RouteTarget {
  let left = random * targets.reduce((sum, { weight = 0 }) => sum + weight, 0)
  return targets.find(({ weight = 0 }) => (left -= weight) < 0) ?? targets.at(-1)!
}
