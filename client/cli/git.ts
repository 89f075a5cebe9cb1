import { execFileSync } from 'node:child_process'
import { basename, dirname, resolve } from 'node:path'
import { finding, type Finding } from '../../domain/workflow/lint/finding.ts'

/** The commit that a file belongs to. */
export interface Commit {
  sha: string
  /** Whether the repository has changes that are not in the commit. */
  dirty: boolean
}

/** The commit that is checked out where the file lies; nothing outside of a repository or before its first commit. */
export function commitOf(file: string): Commit | undefined {
  const cwd = dirname(resolve(file))
  try {
    const sha = git(cwd, 'rev-parse', 'HEAD')
    // A definition may import others: the whole repository counts.
    const tracked = git(cwd, 'ls-files', basename(file)) !== ''
    return { sha, dirty: !tracked || git(cwd, 'status', '--porcelain', '--untracked-files=no') !== '' }
  } catch {
    return undefined
  }
}

/** A workflow that is in no commit can't be made again. */
export function outsideOfCode(file: string, commit: Commit | undefined): Finding[] {
  if (commit === undefined) return [finding('not-in-code', file, 'the file is in no git commit')]
  if (!commit.dirty) return []
  const reason = `the repository has changes that are not in the commit ${commit.sha.slice(0, 7)}`
  return [finding('not-in-code', file, reason, 'Commit the changes first.')]
}

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
}
