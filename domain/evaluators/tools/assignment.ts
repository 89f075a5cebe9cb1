/**
 * Pairs rows with columns one to one so that the sum of their gains is greatest: the Hungarian method in O(n²·m)
 * (H. W. Kuhn 1955; with potentials, after R. Jonker and A. Volgenant 1987). Every row has a gain for every column.
 *
 * @returns for each row its column; undefined where there are more rows than columns and none is left
 */
export function bestAssignment(gains: readonly (readonly number[])[]): (number | undefined)[] {
  const rows = gains.length
  const columns = gains[0]?.length ?? 0
  if (columns < rows) {
    const result: (number | undefined)[] = Array.from({ length: rows })
    bestAssignment(Array.from({ length: columns }, (_, c) => gains.map((row) => row[c] ?? 0))).forEach(
      (row, c) => {
        if (row !== undefined) result[row] = c
      },
    )
    return result
  }
  // Index 0 is a row and a column of their own that stand for "none yet".
  const rowPotential: number[] = Array.from({ length: rows + 1 }, () => 0)
  const columnPotential: number[] = Array.from({ length: columns + 1 }, () => 0)
  const rowOf: number[] = Array.from({ length: columns + 1 }, () => 0)
  for (let row = 1; row <= rows; row++) {
    rowOf[0] = row
    let at = 0
    const least: number[] = Array.from({ length: columns + 1 }, () => Infinity)
    const before: number[] = Array.from({ length: columns + 1 }, () => 0)
    const seen: boolean[] = Array.from({ length: columns + 1 }, () => false)
    do {
      seen[at] = true
      const current = rowOf[at]!
      let delta = Infinity
      let next = 0
      for (let column = 1; column <= columns; column++) {
        if (seen[column]) continue
        const cost =
          -(gains[current - 1]?.[column - 1] ?? 0) - rowPotential[current]! - columnPotential[column]!
        if (cost < least[column]!) {
          least[column] = cost
          before[column] = at
        }
        if (least[column]! < delta) {
          delta = least[column]!
          next = column
        }
      }
      for (let column = 0; column <= columns; column++) {
        if (seen[column]) {
          rowPotential[rowOf[column]!]! += delta
          columnPotential[column]! -= delta
        } else least[column]! -= delta
      }
      at = next
    } while (rowOf[at] !== 0)
    for (; at !== 0; at = before[at]!) rowOf[at] = rowOf[before[at]!]!
  }
  const result: (number | undefined)[] = Array.from({ length: rows })
  for (let column = 1; column <= columns; column++) if (rowOf[column]) result[rowOf[column]! - 1] = column - 1
  return result
}
