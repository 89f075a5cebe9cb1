import type { Command } from 'commander'

/** Lines for people, or one JSON document for machines (`--json`). */
export function print(command: Command, document: unknown, lines: readonly string[]): void {
  const { json } = command.optsWithGlobals<{ json?: boolean }>()
  process.stdout.write(`${json ? JSON.stringify(document, null, 2) : lines.join('\n')}\n`)
}

/** What a person should know beside the result. */
export function remark(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** Rows in columns. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
}

export function indented(lines: readonly string[], by = '  '): string[] {
  return lines.map((line) => `${by}${line}`)
}

/** Enough of a version to tell it from others. */
export function shortVersion(version: string): string {
  return version.slice(0, 12)
}

/** A ref with enough of its version to tell it from others. */
export function shortRef(ref: string): string {
  return ref.replace(/@([0-9a-f]{12})[0-9a-f]+$/, '@$1')
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
