/**
 * Exit codes: 0, it is as it must be; 1, the answer is no (findings, a refusal, something weaker); 2, there was no answer
 * (wrong usage, an unreadable file, an unreachable server).
 */
export const EXIT = { ok: 0, no: 1, unanswered: 2 } as const

/** Ends the command with a message and without a stack trace. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: string
  readonly exitCode: number

  constructor(code: string, message: string, exitCode: number = EXIT.unanswered) {
    super(message)
    this.code = code
    this.exitCode = exitCode
  }
}
