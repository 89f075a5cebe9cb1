import type { Port, STAGE_CONTRACTS, StageKind } from '../stages/contracts.ts'
import { WorkflowDefinition, type WorkflowDraft } from './definition.ts'

type Draft = WorkflowDraft
type StageDraft = Draft['stages'][string]
type Contract<K extends StageKind> = (typeof STAGE_CONTRACTS)[K]

/** What a stage gives, by name: its own declaration, or what its kind always gives. */
type OutputsOf<S extends StageDraft> = S extends { outputs: infer Declared }
  ? Declared
  : Contract<S['kind']>['outputs']

/** Names of the outputs of a stage that carry `kind`. */
type OutputsOfKind<S extends StageDraft, Kind> = {
  [Name in keyof OutputsOf<S> & string]: OutputsOf<S>[Name] extends Kind ? Name : never
}[keyof OutputsOf<S> & string]

type InputsOfKind<W extends Draft, Kind> = {
  [Name in keyof W['inputs'] & string]: W['inputs'][Name]['kind'] extends Kind ? Name : never
}[keyof W['inputs'] & string]

/** Everything of this kind that a source may name: run inputs, outputs of stages of this workflow, refs, signals. */
type Sources<W extends Draft, Kind> =
  | `inputs.${InputsOfKind<W, Kind>}`
  | { [S in keyof W['stages'] & string]: `${S}.${OutputsOfKind<W['stages'][S], Kind>}` }[keyof W['stages'] &
      string]
  | `${Kind & string}:${string}@${string}`
  | ('value' extends Kind ? `signals.${string}` : never)

/** The kind that an input of a stage takes: of an open kind of stage, any; of another, none that it does not know. */
type Takes<S extends StageDraft, Name> = Name extends keyof Contract<S['kind']>['inputs']
  ? Contract<S['kind']>['inputs'][Name]
  : Contract<S['kind']> extends { open: true }
    ? Port
    : never

/** The inputs that the kind of a stage can't do without. */
type Demanded<S extends StageDraft> = keyof Contract<S['kind']>['inputs'] extends never
  ? unknown
  : { inputs: { [P in keyof Contract<S['kind']>['inputs']]: string } }

type Checked<W extends Draft> = {
  stages: {
    [S in keyof W['stages']]: Demanded<W['stages'][S]> & {
      inputs?: { [P in keyof W['stages'][S]['inputs']]: Sources<W, Takes<W['stages'][S], P>> }
      needs?: readonly (keyof W['stages'] & string)[]
      rollback?: keyof W['stages'] & string
      map?: { over: Sources<W, 'value'> }
      when?: { source: Sources<W, Port> }
    }
  }
} & CheckedOutputs<W>

type CheckedOutputs<W extends Draft, Given = W> = Given extends { outputs: infer Outputs }
  ? { outputs: { [Name in keyof Outputs]: Sources<W, Port> } }
  : unknown

/**
 * A workflow as code. The definition is data: what is sent to Sluice is its JSON, and its identity the hash of that.
 * A source that nothing produces, or that produces another kind of thing, does not compile; `defineWorkflow` also refuses
 * what could not run. What should not run is for `sluice lint` to say, and for the server to refuse.
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
