import type { Asked } from './answers.ts'
import { compared } from './fixtures/compared.ts'
import {
  CANDIDATE_EVALUATION,
  datasetRow,
  OLD_EVALUATION,
  PASS_MARKS,
  PRODUCTION_EVALUATION,
  rowsOf,
  scoredEvaluations,
} from './fixtures/evaluations.ts'
import { GOLDEN } from './fixtures/versions.ts'
import type {
  Comparison,
  DatasetRows,
  EvaluationPage,
  EvaluationStatusChange,
  RowPage,
  RowScore,
  RowScores,
  ScoredEvaluation,
  ScoresOfRow,
} from '../../dashboard/src/api/evaluation-views.ts'
import { ProblemError } from '../../domain/problem.ts'
import { parseRef } from '../../domain/ref.ts'

const encoder = new TextEncoder()

/** What the API says about evaluations and rows, and what it was told. Streams say what a test pushes. */
export class EvaluationAnswers {
  /** `POST` requests: the path, and the body. */
  readonly told: [path: string, body: unknown][] = []
  readonly labels: RowScore[] = []
  /** Changes of an evaluation since the fixture. */
  readonly changes = new Map<string, Partial<ScoredEvaluation>>()
  readonly followers = new Set<ReadableStreamDefaultController<Uint8Array>>()

  answer(asked: Asked): unknown {
    const { path } = asked
    if (path[0] === 'evaluations') return this.#evaluations(asked)
    if (path[0] === 'datasets' && path[2] === 'rows') return this.#row(asked)
    if (path[0] === 'datasets' && path[4] === 'rows') return datasetRows()
    return undefined
  }

  /** Progress that the streams tell. */
  push(type: 'progress' | 'end', progress: Partial<ScoredEvaluation['progress']>): void {
    const [running] = this.#all()
    const data = JSON.stringify({ ...running!.progress, ...progress })
    for (const follower of this.followers)
      follower.enqueue(encoder.encode(`event: ${type}\ndata: ${data}\n\n`))
  }

  #all(): ScoredEvaluation[] {
    return scoredEvaluations.map((evaluation) => ({
      ...evaluation,
      ...this.changes.get(evaluation.evaluationId),
    }))
  }

  #evaluations({ method, path, query, body, isEmpty }: Asked): unknown {
    const [, id, part, other] = path
    if (id === undefined) {
      const evaluations = isEmpty ? [] : this.#all()
      return { evaluations, next: null } satisfies EvaluationPage
    }
    const evaluation = this.#all().find(({ evaluationId }) => evaluationId === id)
    if (!evaluation) return undefined
    if (method === 'POST') return this.#tell(id, part!, body)
    if (part === 'events') return this.#follow()
    if (part === 'rows') return worst(id, query)
    if (part === 'compare') return compare(id, other!, query)
    return evaluation
  }

  #tell(id: string, what: string, body: unknown): EvaluationStatusChange {
    this.told.push([`${id}/${what}`, body])
    const status = { pause: 'paused', resume: 'running', cancel: 'cancelled' }[what]!
    const before = this.#all().find(({ evaluationId }) => evaluationId === id)!
    this.changes.set(id, { status, progress: { ...before.progress, status } })
    return { evaluationId: id, status }
  }

  #follow(): Response {
    let own: ReadableStreamDefaultController<Uint8Array>
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        own = controller
        this.followers.add(own)
      },
      cancel: () => void this.followers.delete(own),
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }

  #row({ method, path, query, body }: Asked): RowScore | ScoresOfRow {
    const [, dataset, , rowId] = path as [string, string, string, string]
    if (method === 'POST') {
      this.told.push([path.join('/'), body])
      const label: RowScore = {
        scoreId: `scr_${this.labels.length}`,
        dataset,
        rowId,
        reason: null,
        author: 'key_reader',
        createdAt: Date.now(),
        ...(body as Pick<RowScore, 'name' | 'score' | 'label' | 'source' | 'evaluationId'>),
      }
      this.labels.unshift(label)
      return label
    }
    // The newest version has other rows: it has to be asked for in the one that was evaluated.
    if (query.get('version') !== parseRef(GOLDEN).version)
      throw new ProblemError('not.found', `There is no row ${rowId} in dataset:${dataset}`)
    const row = rowsOf('candidate').find((each) => each.rowId === rowId)
    const found = row && { target: '', status: 'finished', createdAt: 0, response: row.response ?? null }
    return {
      scores: this.labels.filter((label) => label.rowId === rowId),
      evaluations: found ? [{ evaluationId: CANDIDATE_EVALUATION, ...found, scores: row.scores }] : [],
      next: null,
    }
  }
}

function datasetRows(): DatasetRows {
  return { rows: rowsOf('candidate').map(({ rowId }) => datasetRow(rowId)), next: null }
}

function worst(evaluationId: string, query: URLSearchParams): RowPage {
  const [metric, cohort] = [query.get('metric'), query.get('cohort')]
  const lowest = ({ scores }: RowScores) =>
    Math.min(
      ...Object.entries(scores).flatMap(([name, result]) =>
        'score' in result && (metric === null || metric === name) ? [result.score] : [],
      ),
    )
  const rows = rowsOf(evaluationId === PRODUCTION_EVALUATION ? 'production' : 'candidate')
    .filter((row) => cohort === null || row.cohort === cohort)
    .filter((row) => query.get('failed') !== 'true' || lowest(row) < (PASS_MARKS[metric ?? ''] ?? 0.5))
    .filter(() => query.get('errors') !== 'true')
    .toSorted((a, b) => lowest(a) - lowest(b))
  return { rows: rows.slice(0, Number(query.get('limit'))), next: null }
}

function compare(id: string, other: string, query: URLSearchParams): Comparison {
  const asked = query.getAll('metric')
  const all = ['answer-exact', 'context-relevance', 'groundedness', 'json-valid']
  const metrics = asked.length === 0 ? all : asked
  if ((id === OLD_EVALUATION || other === OLD_EVALUATION) && metrics.includes('groundedness'))
    throw new ProblemError(
      'evaluation.other',
      'groundedness is by Groundedness@2 here and by Groundedness@1 there: evaluate both by the same suite, or name the metrics that are alike',
    )
  return compared(metrics, Number(query.get('limit')))
}
