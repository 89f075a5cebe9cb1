/** What the API answers to operators. Held against the API as `views.ts` is. */

/** A queue message that failed every retry. */
export interface DeadLetter {
  deadLetterId: string
  queue: string
  body: unknown
  at: number
  replayedAt: number | null
}

export interface DeadLetterPage {
  deadLetters: DeadLetter[]
  next: number | null
}

/** Who holds the gate lock of a target, and then who waits for it, in order. */
export interface GateLockView {
  fence: number
  holders: string[]
}
