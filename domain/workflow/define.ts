import type { STAGE_CONTRACTS, StageKind } from '../stages/contracts.ts'
import { WorkflowDefinition, type WorkflowDraft } from './definition.ts'

type Draft = WorkflowDraft
type Outputs<K extends StageKind> = keyof (typeof STAGE_CONTRACTS)[K]['outputs'] & string
type ArtifactRef = `${string}:${string}@${string}`

/** Everything a stage input may name: a run input, an output of a stage of this workflow, or an artifact ref. */
type Sources<W extends Draft> =
  | `inputs.${keyof W['inputs'] & string}`
  | { [S in keyof W['stages'] & string]: `${S}.${Outputs<W['stages'][S]['kind']>}` }[keyof W['stages'] &
      string]
  | ArtifactRef

type Checked<W extends Draft> = {
  stages: {
    [S in keyof W['stages']]: {
      inputs?: { [P in keyof W['stages'][S]['inputs']]: Sources<W> }
    }
  }
}

/**
 * A workflow as code. The definition is data: what is sent to Sluice is its JSON, and its identity the hash of that.
 * A stage input that nothing produces does not compile; `defineWorkflow` also checks all that the server will.
 *
 * @example
 * defineWorkflow({
 *   name: 'support-agent',
 *   inputs: { transcripts: { kind: 'dataset' } },
 *   stages: {
 *     ingest: { kind: 'ingest', owner: 'data@example.com', inputs: { transcripts: 'inputs.transcripts' } },
 *     clean: { kind: 'clean', owner: 'data@example.com', inputs: { dataset: 'ingest.dataset' } },
 *   },
 * })
 */
export function defineWorkflow<const W extends Draft>(workflow: W & Checked<W>): WorkflowDefinition {
  return WorkflowDefinition.parse(workflow)
}
