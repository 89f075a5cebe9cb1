/** The only place where keys of R2 objects are spelt. Each starts with the project. */
export const keys = {
  datasetShard: (project: string, dataset: string, write: string, shard: number) =>
    `${project}/datasets/${dataset}/${write}/${pad(shard)}.ndjson.gz`,
  /** Which shard of a dataset version has a row. */
  rowIndex: (project: string, dataset: string, version: string) =>
    `${project}/datasets/${dataset}/rows/${version}.idx`,
  /** What a judge or an embedding model said of some content, by hash. */
  judgement: (project: string, hash: string) => `${project}/judgements/${hash}.json`,
  model: (project: string, model: string, version: string) =>
    `${project}/models/${model}/${version}.safetensors`,
  scores: (project: string, evaluationId: string, chunk: number) =>
    `${scoresPrefix(project, evaluationId)}${pad(chunk)}.ndjson.gz`,
  spans: (project: string, at: Date, batch: string) =>
    `${project}/spans/${at.toISOString().slice(0, 13).replace('T', '/')}/${batch}.ndjson.gz`,
  runLog: (project: string, runId: string, firstLine: number) =>
    `${runLogPrefix(project, runId)}${pad(firstLine)}.ndjson.gz`,
  itemResults: (stage: MappedStage, firstItem: number) =>
    `${itemResultsPrefix(stage)}${pad(firstItem)}.ndjson.gz`,
  runEvents: (project: string, runId: string) => `${project}/runs/${runId}/events.ndjson.gz`,
}

interface MappedStage {
  project: string
  runId: string
  stage: string
  attempt: number
}

/** Results of the items of a mapped stage, in parts. */
export function itemResultsPrefix({ project, runId, stage, attempt }: MappedStage): string {
  return `${project}/runs/${runId}/items/${stage}/${attempt}/`
}

/** Stage logs of a run, in parts. */
export function runLogPrefix(project: string, runId: string): string {
  return `${project}/runs/${runId}/log/`
}

export function scoresPrefix(project: string, evaluationId: string): string {
  return `${project}/evaluations/${evaluationId}/`
}

/** Zero-padded, so that a listing is in order. */
function pad(index: number): string {
  return String(index).padStart(6, '0')
}
