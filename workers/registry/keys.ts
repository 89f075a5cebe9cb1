/** The only place where keys of R2 objects are spelt. Each starts with the project. */
export const keys = {
  datasetShard: (project: string, dataset: string, write: string, shard: number) =>
    `${project}/datasets/${dataset}/${write}/${pad(shard)}.ndjson.gz`,
  model: (project: string, model: string, version: string) =>
    `${project}/models/${model}/${version}.safetensors`,
  scores: (project: string, evaluationId: string, chunk: number) =>
    `${scoresPrefix(project, evaluationId)}${pad(chunk)}.ndjson.gz`,
  spans: (project: string, at: Date, batch: string) =>
    `${project}/spans/${at.toISOString().slice(0, 13).replace('T', '/')}/${batch}.ndjson.gz`,
}

export function scoresPrefix(project: string, evaluationId: string): string {
  return `${project}/evaluations/${evaluationId}/`
}

/** Zero-padded, so that a listing is in order. */
function pad(index: number): string {
  return String(index).padStart(6, '0')
}
