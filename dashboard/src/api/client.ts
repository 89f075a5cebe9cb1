import { storedKey } from '../session/key.ts'
import { announceRefusal } from '../session/refusal.ts'
import { Problem, problemOf, unreachable } from './problem.ts'

/** The API's answer to a path under `/api/v1`, not read yet; throws a `Problem` where it refuses. */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers)
  const key = storedKey()
  headers.set('authorization', `Bearer ${key ?? ''}`)
  const response = await fetch(`/api/v1${path}`, { ...init, headers }).catch((error: unknown) => {
    if (init.signal?.aborted) throw error
    throw unreachable(error)
  })
  if (response.ok) return response
  const problem = await problemOf(response)
  // A late answer to a key that was given up since says nothing of the one in use, and one that was aborted while it was
  // read says nothing at all.
  if (problem.status === 401 && storedKey() === key && !init.signal?.aborted) announceRefusal(problem)
  throw problem
}

/** Asks `/api/v1` for a path; throws a `Problem`. */
export async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await request(path, init)
  try {
    return (await response.json()) as T
  } catch {
    throw new Problem(response.status, 'answer', 'The answer is not JSON', `${path} answered something else.`)
  }
}

export function send<T>(path: string, body: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' }
  return ask<T>(path, { method: 'POST', headers, body: JSON.stringify(body) })
}
