import type { ProjectShare } from './share.ts'
import { rank, type PoolTotals, type SlotEntry, type SlotTable } from './slots.ts'

/** The plainest table there is: what the one in SQLite has to agree with. */
export class MemoryTable implements SlotTable {
  readonly entries = new Map<string, SlotEntry>()
  readonly #shares = new Map<string, ProjectShare>()
  #totals: PoolTotals = { slots: 0, asked: 0, grants: 0 }

  totals = () => ({ ...this.#totals })
  find = (key: string) => this.entries.get(key)
  save = (entry: SlotEntry) => void this.entries.set(entry.key, entry)
  remove = (key: string) => void this.entries.delete(key)
  shares = () => [...this.#shares.values()].map((share) => ({ ...share }))
  saveShare = (share: ProjectShare) => void this.#shares.set(share.project, { ...share })
  removeShare = (project: string) => void this.#shares.delete(project)
  firstWaiting = (project: string) => this.#line(project)[0]
  countBefore = (entry: SlotEntry) =>
    this.#line(entry.holder.project).findIndex(({ key }) => key === entry.key)
  lapsed = (now: number) => [...this.entries.values()].filter(({ leaseUntil }) => leaseUntil <= now)

  saveTotals(totals: PoolTotals): void {
    this.#totals = { ...totals }
  }

  share(project: string): ProjectShare | undefined {
    const share = this.#shares.get(project)
    return share && { ...share }
  }

  renewAll(leaseUntil: number): void {
    for (const entry of this.entries.values()) this.save({ ...entry, leaseUntil })
  }

  #line(project: string): SlotEntry[] {
    return [...this.entries.values()]
      .filter(({ holder, granted }) => holder.project === project && granted === undefined)
      .toSorted((a, b) => rank(a) - rank(b) || a.seq - b.seq)
  }
}
