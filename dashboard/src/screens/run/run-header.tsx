import type { ComponentChildren } from 'preact'
import type { RunView } from '../../api/views.ts'
import { Icon } from '../../components/icon.tsx'
import { Moment } from '../../components/moment.tsx'
import { RefText } from '../../components/ref-text.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { duration } from '../../format/time.ts'
import { RunCause } from './run-cause.tsx'
import { RunControls } from './run-controls.tsx'
import { Paused, StoppedBecause } from './run-notices.tsx'

/** Who ran what, on what, and how it went; first of all why it stopped. */
export function RunHeader({ run, isStreaming }: { run: RunView; isStreaming: boolean }) {
  const { runId, workflow, workflowVersion, codeSha, author, status, createdAt, finishedAt } = run
  return (
    <header class="run-header">
      <div class="title">
        <h1>
          {workflow} <span class="id">{runId}</span>
        </h1>
        <RunControls run={run} />
      </div>
      <p class="status-line">
        <StatusMark status={status} />
        {isStreaming && (
          <span class="mark live" title="What happens is shown as it happens">
            <Icon shape="double" /> live
          </span>
        )}
        <span>
          started <Moment at={createdAt} /> by {author}, {finishedAt === null ? 'so far' : 'took'}{' '}
          <b>{duration((finishedAt ?? Date.now()) - createdAt)}</b>
        </span>
        <RunCause run={run} />
      </p>
      {run.paused && <Paused paused={run.paused} />}
      {run.failure && <StoppedBecause run={run} />}
      <dl class="facts">
        <Fact name="Workflow version">
          <RefText value={workflowVersion} />
        </Fact>
        <Fact name="Code">
          <RefText value={codeSha} />
        </Fact>
        {Object.entries(run.inputs).map(([name, ref]) => (
          <Fact key={name} name={`Pinned ${name.replace(/^inputs\./, 'input ')}`}>
            <RefText value={ref} />
          </Fact>
        ))}
        {Object.entries(run.values).map(([name, value]) => (
          <Fact key={name} name={`Input ${name}`}>
            {typeof value === 'string' ? value : JSON.stringify(value)}
          </Fact>
        ))}
        {run.force.length > 0 && (
          <Fact name="Forced: takes over no earlier work">{run.force.join(', ')}</Fact>
        )}
        {run.priority !== 0 && <Fact name="Priority">{run.priority}</Fact>}
        {run.signals.length > 0 && <Fact name="Signals that came">{run.signals.join(', ')}</Fact>}
      </dl>
    </header>
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
