import { useState } from 'preact/hooks'
import { Link } from './navigation/link.tsx'
import { usePlace, type Place } from './navigation/place.ts'
import { ScreenLinks } from './navigation/screen-links.tsx'
import { ComparisonScreen } from './screens/comparison/comparison-screen.tsx'
import { EvaluationScreen } from './screens/evaluation/evaluation-screen.tsx'
import { EvaluationsScreen } from './screens/evaluations/evaluations-screen.tsx'
import { GatesScreen } from './screens/gates/gates-screen.tsx'
import { InboxScreen } from './screens/inbox/inbox-screen.tsx'
import { useInbox, type Inbox } from './screens/inbox/use-inbox.ts'
import { MeasuresScreen } from './screens/measures/measures-screen.tsx'
import { OperationsScreen } from './screens/operations/operations-screen.tsx'
import { RoutesScreen } from './screens/routes/routes-screen.tsx'
import { RunScreen } from './screens/run/run-screen.tsx'
import { RunsScreen } from './screens/runs/runs-screen.tsx'
import { forgetKey, storedKey } from './session/key.ts'
import { SignIn } from './session/sign-in.tsx'
import { useRefusal } from './session/refusal.ts'

export function App() {
  const place = usePlace()
  const [isSignedIn, setSignedIn] = useState(storedKey() !== null)
  const [refusal, forgetRefusal] = useRefusal()
  const inbox = useInbox(isSignedIn && !refusal)
  if (!isSignedIn || refusal) {
    const onKey = () => {
      forgetRefusal()
      setSignedIn(true)
    }
    return <SignIn problem={refusal} onKey={onKey} />
  }
  function signOut() {
    forgetKey()
    setSignedIn(false)
  }
  const [screen = 'runs'] = place.path
  return (
    <>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header class="top">
        <Link href="/" class="brand">
          Sluice
        </Link>
        <ScreenLinks current={screen} waiting={inbox.own.length} />
        <button type="button" class="plain" onClick={signOut}>
          Sign out
        </button>
      </header>
      <main id="content" tabIndex={-1}>
        <Screen place={place} inbox={inbox} />
      </main>
    </>
  )
}

function Screen({ place: { path, query }, inbox }: { place: Place; inbox: Inbox }) {
  const [screen = 'runs', name, tab, other] = path
  if (screen === 'runs' && name !== undefined) {
    return <RunScreen key={name} runId={name} tab={tab ?? 'stages'} query={query} />
  }
  if (screen === 'runs') return <RunsScreen query={query} />
  if (screen === 'evaluations' && name !== undefined) {
    return tab === 'compare' ? (
      <ComparisonScreen key={`${name} ${other}`} evaluationId={name} otherId={other ?? null} query={query} />
    ) : (
      <EvaluationScreen key={name} evaluationId={name} query={query} />
    )
  }
  if (screen === 'evaluations') return <EvaluationsScreen query={query} />
  if (screen === 'inbox') return <InboxScreen inbox={inbox} />
  if (screen === 'gates') return <GatesScreen workflow={name ?? null} query={query} />
  if (screen === 'routes') return <RoutesScreen query={query} />
  if (screen === 'measures') return <MeasuresScreen query={query} />
  if (screen === 'operations') return <OperationsScreen query={query} />
  return (
    <>
      <h1>There is no such page</h1>
      <p>
        <Link href="/runs">The runs</Link> are a good place to go on from.
      </p>
    </>
  )
}
