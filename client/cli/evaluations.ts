import { InvalidArgumentError, type Command } from 'commander'
import { answer } from '../sluice.ts'
import { connect } from './connection.ts'
import { indented, print, shortRef, table } from './output.ts'
import { showComparison, showEvaluation, showRow, usd, type RowShown } from './show-evaluation.ts'
import { showTime } from './show-run.ts'

interface StartOptions {
  candidate?: string
  dataset: string
  suite: string
  concurrency?: number
  timeoutMs?: number
  inputPrice?: number
  outputPrice?: number
  force?: true
  dryRun?: true
  idempotencyKey?: string
}

/** Evaluations: `evaluations list|show|rows|compare|start|pause|resume|cancel`. */
export function evaluationCommands(program: Command): void {
  const group = program
    .command('evaluations')
    .description('evaluations: start them, follow them, read and compare them')
  group
    .command('list')
    .description('list evaluations, newest first')
    .option('--limit <number>', 'how many', wholeNumber, 20)
    .action(list)
  group
    .command('show')
    .description('show an evaluation: its progress, and its scores by metric')
    .argument('<evaluation-id>')
    .option('--cohorts', 'by cohort too')
    .action(show)
  group
    .command('rows')
    .description('show rows with their answers and reasons, lowest scores first')
    .argument('<evaluation-id>')
    .option('--metric <metric>', 'by this metric alone')
    .option('--cohort <cohort>', 'of this cohort alone')
    .option('--failed', 'rows below the pass mark')
    .option('--errors', 'rows that could not be scored')
    .option('--limit <number>', 'how many', wholeNumber, 20)
    .action(rows)
  group
    .command('compare')
    .description('compare two evaluations on the rows that both have, and show what changed, worst first')
    .argument('<evaluation-id>', 'the candidate’s')
    .argument('<other-id>', 'that it is held against')
    .option('--metric <metrics...>', 'by these metrics alone')
    .option('--limit <number>', 'rows shown of each metric', wholeNumber, 5)
    .action(compare)
  group
    .command('start')
    .description('evaluate a candidate, or the answers that rows have, on a dataset version by a suite')
    .requiredOption('--dataset <ref>', 'dataset:NAME@VERSION or an alias')
    .requiredOption('--suite <ref>', 'suite:NAME@VERSION')
    .option(
      '--candidate <ref>',
      'model:NAME@VERSION, route:NAME or endpoint:NAME; the rows’ answers when left out',
    )
    .option('--concurrency <number>', 'answers asked for at once', wholeNumber)
    .option('--timeout-ms <number>', 'longest wait for an answer', wholeNumber)
    .option('--input-price <usd>', 'of a million tokens that the candidate reads', Number)
    .option('--output-price <usd>', 'of a million tokens that the candidate writes', Number)
    .option('--force', 'take nothing over from earlier evaluations')
    .option('--dry-run', 'only say what it would cost')
    .option('--idempotency-key <key>', 'the same key starts one evaluation, however often it is sent')
    .action(start)
  for (const [name, description] of Object.entries({
    pause: 'score no further rows; what is under way is done',
    resume: 'go on with a paused evaluation',
    cancel: 'give an evaluation up; a stage that waits for it fails',
  } as const))
    group
      .command(name)
      .description(description)
      .argument('<evaluation-id>')
      .action((evaluationId: string, _options: unknown, command: Command) =>
        tell(name as 'pause' | 'resume' | 'cancel', evaluationId, command),
      )
}

async function list({ limit }: { limit: number }, command: Command): Promise<void> {
  const page = await answer(connect(command).evaluations.$get({ query: { limit: String(limit) } }))
  const shown = page.evaluations.map(
    ({ evaluationId, status, rows: count, progress, createdAt, target, source }) => [
      evaluationId,
      status,
      `${count} of ${Math.max(count, progress.totalRows)} rows`,
      showTime(createdAt),
      shortRef(target),
      shortRef(source),
    ],
  )
  print(command, page, shown.length === 0 ? ['there are no evaluations'] : table(shown))
}

async function show(evaluationId: string, { cohorts }: { cohorts?: true }, command: Command): Promise<void> {
  const evaluation = await answer(
    connect(command).evaluations[':evaluationId'].$get({ param: { evaluationId } }),
  )
  print(command, evaluation, showEvaluation(evaluation, cohorts === true))
}

interface RowOptions {
  metric?: string
  cohort?: string
  failed?: true
  errors?: true
  limit: number
}

async function rows(evaluationId: string, options: RowOptions, command: Command): Promise<void> {
  const { metric, cohort, failed, errors, limit } = options
  const page = await answer(
    connect(command).evaluations[':evaluationId'].rows.$get({
      param: { evaluationId },
      query: {
        sort: 'worst',
        limit: String(limit),
        ...(metric === undefined ? {} : { metric }),
        ...(cohort === undefined ? {} : { cohort }),
        ...(failed ? { failed: 'true' as const } : {}),
        ...(errors ? { errors: 'true' as const } : {}),
      },
    }),
  )
  const shown = (page.rows as RowShown[]).flatMap((row) => showRow(row, metric))
  print(command, page, shown.length === 0 ? ['there are no such rows'] : shown)
}

async function compare(
  evaluationId: string,
  otherId: string,
  { metric, limit }: { metric?: string[]; limit: number },
  command: Command,
): Promise<void> {
  const comparison = await answer(
    connect(command).evaluations[':evaluationId'].compare[':otherId'].$get({
      param: { evaluationId, otherId },
      query: { limit: String(limit), ...(metric === undefined ? {} : { metric }) },
    }),
  )
  print(command, comparison, showComparison(comparison))
}

async function start(options: StartOptions, command: Command): Promise<void> {
  const { candidate, dataset, suite, concurrency, timeoutMs, inputPrice, outputPrice, idempotencyKey } =
    options
  const started = await answer(
    connect(command).evaluations.$post({
      header: idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey },
      json: {
        dataset,
        suite,
        force: options.force === true,
        dryRun: options.dryRun === true,
        ...(candidate === undefined ? {} : { candidate }),
        ...(concurrency === undefined ? {} : { concurrency }),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        ...(inputPrice === undefined && outputPrice === undefined
          ? {}
          : { price: { inputUsdPerMTok: inputPrice ?? 0, outputUsdPerMTok: outputPrice ?? 0 } }),
      },
    }),
  )
  const { evaluationId, status, estimate } = started
  const { rows: count, candidateUsd, totalUsd } = estimate
  const unknown = candidateUsd === null ? ', and what the candidate’s answers cost: give its prices' : ''
  print(command, started, [
    evaluationId === null ? 'nothing was started' : `${evaluationId} is ${status}`,
    ...indented([`${count} rows, about ${usd(totalUsd)}${unknown}`]),
  ])
}

async function tell(
  what: 'pause' | 'resume' | 'cancel',
  evaluationId: string,
  command: Command,
): Promise<void> {
  const evaluation = connect(command).evaluations[':evaluationId']
  const answered = await answer(evaluation[what].$post({ param: { evaluationId } }))
  print(command, answered, [`${evaluationId} is ${answered.status}`])
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number)) throw new InvalidArgumentError('It must be a whole number.')
  return number
}
