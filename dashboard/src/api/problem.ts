/** Why the API gave no answer: its problem document (RFC 9457), or what the network or the answer was like. */
export class Problem extends Error {
  override readonly name = 'Problem'
  /** HTTP status; 0 when no answer came. */
  readonly status: number
  readonly code: string
  readonly title: string

  constructor(status: number, code: string, title: string, detail: string) {
    super(detail)
    this.status = status
    this.code = code
    this.title = title
  }
}

export function unreachable(error: unknown): Problem {
  const cause = error instanceof Error ? error.message : String(error)
  return new Problem(0, 'network', 'The API did not answer', `${cause}. It is asked again by itself.`)
}

export async function problemOf(response: Response): Promise<Problem> {
  const document = await response.json().catch(() => ({}))
  const { code = 'http', title = `HTTP ${response.status}`, detail = response.statusText } = document
  return new Problem(response.status, code, title, detail)
}
