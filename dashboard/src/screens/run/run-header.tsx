import type { ComponentChildren } from 'preact'
import type { RunView } from '../../api/views.ts'
import { Icon } from '../../components/icon.tsx'
import { Moment } from '../../components/moment.tsx'
import { RefText } from '../../components/ref-text.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { duration } from '../../format/time.ts'
import { Link } from '../../navigation/link.tsx'

/** Who ran what, on what, and how it went; first of all why it stopped. */
export function RunHeader({ run }: { run: RunView }) {
  const { runId, workflow, workflowVersion, codeSha, author, status, createdAt, finishedAt } = run
  return (
    <header class="run-header">
      <h1>
        {workflow} <span class="id">{runId}</span>
      </h1>
      <p class="status-line">
        <StatusMark status={status} />
        <span>
          started <Moment at={createdAt} /> by {author}, {finishedAt === null ? 'so far' : 'took'}{' '}
          <b>{duration((finishedAt ?? Date.now()) - createdAt)}</b>
        </span>
      </p>
      {run.failure && <StoppedBecause run={run} />}
      <dl class="facts">
        <Fact name="Workflow version">
          <RefText value={workflowVersion} />
        </Fact>
        <Fact name="Code">
          <RefText value={codeSha} />
        </Fact>
        {Object.entries(run.inputs).map(([name, ref]) => (
          <Fact key={name} name={name.replace(/^inputs\./, 'Input ')}>
            <RefText value={ref} />
          </Fact>
        ))}
      </dl>
    </header>
  )
}

function StoppedBecause({ run: { runId, failure, stages } }: { run: RunView }) {
  const { stage: name, message, code } = failure!
  const stage = stages.find(({ stage: other }) => other === name)
  const closed = stage?.gates.filter(({ blocks, at }) => blocks && at !== null) ?? []
  return (
    <div class="notice bad">
      <Icon shape="cross" />
      <div>
        <strong>
          {name !== undefined && `${name}: `}
          {message}
        </strong>
        {closed.map(({ gate, sentence }) => (
          <p key={gate}>{sentence}</p>
        ))}
        <small>
          {code}
          {name !== undefined && (
            <>
              {' · '}
              <Link href={`/runs/${runId}#stage-${name}`}>to the numbers</Link>
            </>
          )}
        </small>
      </div>
    </div>
  )
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
