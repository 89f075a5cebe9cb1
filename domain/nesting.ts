/** Whether a JSON value has lists and objects in each other deeper than `max`. Level by level: to call itself would overflow. */
export function isDeeperThan(max: number, value: unknown): boolean {
  let level = [value].filter(isNested)
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === max) return true
    const below: object[] = []
    for (const each of level)
      for (const item of Array.isArray(each) ? each : Object.values(each))
        if (isNested(item)) below.push(item)
    level = below
  }
  return false
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
