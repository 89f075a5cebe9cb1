/** Why a job failed, as its `training.failed` callback tells it. */
export class JobError extends Error {
  readonly code: string
  /** True when the same job may succeed at another time. */
  readonly retryable: boolean

  constructor(code: string, message: string, retryable: boolean) {
    super(message)
    this.name = 'JobError'
    this.code = code
    this.retryable = retryable
  }
}
