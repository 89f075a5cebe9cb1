import type { LogEntry, LogLine } from '../../api/views.ts'

/** Events and log lines of a run in their order, each once, from wherever they come. */
export class RunHistory {
  readonly events: LogEntry[] = []
  readonly lines: LogLine[] = []
  /** Up to here, every line is here; the stream knows only lines that the API has not put away. */
  readLine = 0

  get lastEvent(): number {
    return this.events.at(-1)?.seq ?? 0
  }

  get lastLine(): number {
    return this.lines.at(-1)?.line ?? 0
  }

  /** Adds events in their order; true when there was a new one. */
  addEvents(events: readonly LogEntry[]): boolean {
    const fresh = events.filter(({ seq }) => seq > this.lastEvent)
    this.events.push(...fresh)
    return fresh.length > 0
  }

  /** Adds lines; true when there was a new one. */
  addLines(lines: readonly LogLine[]): boolean {
    let isNew = false
    for (const line of lines) {
      if (line.line === this.readLine + 1) this.readLine++
      // The usual case: it follows on the last.
      const place = this.lines.findLastIndex((known) => known.line <= line.line)
      if (this.lines[place]?.line === line.line) continue
      this.lines.splice(place + 1, 0, line)
      isNew = true
    }
    return isNew
  }

  /** Adds a page of the log that follows on what was read; true when there may be another. */
  readLines(page: readonly LogLine[]): boolean {
    this.addLines(page)
    this.readLine = page.at(-1)?.line ?? this.readLine
    return page.length > 0
  }
}
