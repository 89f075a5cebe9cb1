import { MultiBar, Presets, type SingleBar } from 'cli-progress'

/** What the demo shows while it works: bars on a terminal, plain lines elsewhere. */
export interface Progress {
  say(line: string): void
  /** A bar of `total` steps. */
  bar(name: string, total: number): { update(done: number, note: string): void; end(note: string): void }
}

export function createProgress(out: NodeJS.WriteStream): Progress {
  return out.isTTY ? terminalProgress(out) : plainProgress(out)
}

function terminalProgress(out: NodeJS.WriteStream): Progress {
  return {
    say: (line) => void out.write(`${line}\n`),
    bar: (name, total) => {
      const bars = new MultiBar(
        { format: `  ${name} {bar} {value}/{total}  {note}`, barsize: 24, hideCursor: true, stream: out },
        Presets.shades_classic,
      )
      const bar: SingleBar = bars.create(total, 0, { note: '' })
      return {
        update: (done, note) => bar.update(done, { note: note.slice(0, 60) }),
        end: (note) => {
          bar.update(bar.getProgress() * total, { note: note.slice(0, 60) })
          bars.stop()
        },
      }
    },
  }
}

function plainProgress(out: NodeJS.WriteStream): Progress {
  return {
    say: (line) => void out.write(`${line}\n`),
    bar: (name) => ({ update: () => undefined, end: (note) => void out.write(`  ${name}: ${note}\n`) }),
  }
}
