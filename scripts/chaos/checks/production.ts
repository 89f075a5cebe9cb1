import { verdict, type Check, type Evidence } from './check.ts'

interface Move {
  target: string
  from: string | null
  to: string | null
  fence: number
  runId: string | null
}

/** Other entries of a target, such as that a run was fenced off, move nothing. */
const MOVES = `'alias.moved', 'route.deploy', 'route.rollback', 'route.withdraw'`

/** Moves of aliases (`model:…`) or routes (`route:…`), in the order of their fencing tokens. */
function movesOf({ state }: Evidence, kind: 'model' | 'route'): Move[] {
  return state
    .d1(
      `SELECT target, from_version AS "from", to_version AS "to", fence, run_id AS runId FROM audit_entries
       WHERE target LIKE '${kind}:%' AND action IN (${MOVES}) ORDER BY target, fence, at`,
    )
    .map((row) => row as unknown as Move)
}

/** Each move follows on the one before, under a younger token, and the pointer is where the last one put it. */
function chainFaults(moves: readonly Move[], pointers: ReadonlyMap<string, string>): string[] {
  const wrong: string[] = []
  const last = new Map<string, Move>()
  for (const move of moves) {
    const before = last.get(move.target)
    if ((before?.to ?? null) !== move.from)
      wrong.push(`${move.target} moved from ${move.from}, but was at ${before?.to ?? null}`)
    if (before && before.fence >= move.fence)
      wrong.push(`${move.target} moved under token ${move.fence} after ${before.fence}`)
    last.set(move.target, move)
  }
  for (const target of new Set([...last.keys(), ...pointers.keys()])) {
    const at = pointers.get(target) ?? null
    const recorded = last.get(target)?.to ?? null
    if (at !== recorded) wrong.push(`${target} points at ${at}, its last audit entry says ${recorded}`)
  }
  return wrong
}

/** A run that succeeded moved each target once; one that was undone moved it and back again, or found it moved on. */
function runFaults({ runs }: Evidence, moves: readonly Move[], stageKind: 'promote' | 'deploy'): string[] {
  return runs.flatMap(({ runId, workflow, view }) => {
    if (!view.stages.some(({ kind }) => kind === stageKind)) return []
    const own = moves.filter((move) => move.runId === runId)
    const allowed = workflow.ends === 'succeeded' ? [1] : [1, 2]
    if (view.status !== workflow.ends || allowed.includes(own.length)) return []
    return [`${runId} (${view.status}) has ${own.length} entries of its ${stageKind}`]
  })
}

/** What a run that was undone had brought must not be in force. */
function undoneFaults({ runs }: Evidence, pointers: ReadonlyMap<string, string>): string[] {
  return runs.flatMap(({ runId, view }) => {
    if (view.status !== 'rolled_back') return []
    const brought = view.stages.flatMap(({ kind, outputs }) =>
      kind === 'promote' ? [outputs.model] : kind === 'deploy' ? [outputs.route] : [],
    )
    const inForce = [...pointers].filter(([, at]) =>
      brought.some((ref) => typeof ref === 'string' && (ref === at || ref.endsWith(`@${at}`))),
    )
    return inForce.map(([target, at]) => `${target} points at ${at} of ${runId}, which was rolled back`)
  })
}

export const aliasesOnce: Check = (evidence) => {
  const moves = movesOf(evidence, 'model')
  const pointers = aliasPointers(evidence)
  return verdict(moves.length, 'alias moves', 'each once, each following on the last', [
    ...chainFaults(moves, pointers),
    ...runFaults(evidence, moves, 'promote'),
  ])
}

export const routesOnce: Check = (evidence) => {
  const moves = movesOf(evidence, 'route')
  const deployments = evidence.state.d1('SELECT epoch, run_id FROM deployments')
  const withdrawals = moves.filter(({ to }) => to === null).length
  const missing =
    deployments.length + withdrawals === moves.length
      ? []
      : [
          `${moves.length} audit entries, but ${deployments.length} deployments and ${withdrawals} withdrawals`,
        ]
  return verdict(moves.length, 'route moves', 'each once, each following on the last', [
    ...chainFaults(moves, routePointers(evidence)),
    ...runFaults(evidence, moves, 'deploy'),
    ...missing,
  ])
}

export const nothingUndoneInForce: Check = (evidence) => {
  const pointers = new Map([...aliasPointers(evidence), ...routePointers(evidence)])
  const wrong = undoneFaults(evidence, pointers)
  return verdict(pointers.size, 'aliases and routes', 'point at what no run has taken back', wrong)
}

function aliasPointers({ state }: Evidence): Map<string, string> {
  const rows = state.d1(`SELECT kind || ':' || name || '@' || alias AS target, version FROM aliases`)
  return new Map(rows.map((row) => [String(row.target), String(row.version)]))
}

function routePointers({ state }: Evidence): Map<string, string> {
  const rows = state.objects('RouteRegistry', 'SELECT name, version FROM route')
  return new Map(rows.map((row) => [`route:${String(row.name)}`, String(row.version)]))
}
