import { useState } from 'preact/hooks'
import { Link } from './navigation/link.tsx'
import { usePlace, type Place } from './navigation/place.ts'
import { MeasuresScreen } from './screens/measures/measures-screen.tsx'
import { RoutesScreen } from './screens/routes/routes-screen.tsx'
import { RunScreen } from './screens/run/run-screen.tsx'
import { RunsScreen } from './screens/runs/runs-screen.tsx'
import { forgetKey, storedKey } from './session/key.ts'
import { SignIn } from './session/sign-in.tsx'
import { useRefusal } from './session/refusal.ts'

const SCREENS = [
  ['runs', 'Runs'],
  ['routes', 'Routes'],
  ['measures', 'Measures'],
] as const

export function App() {
  const place = usePlace()
  const [isSignedIn, setSignedIn] = useState(storedKey() !== null)
  const [refusal, forgetRefusal] = useRefusal()
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
        <nav aria-label="Screens">
          {SCREENS.map(([name, label]) => (
            <Link key={name} href={`/${name}`} isCurrent={screen === name}>
              {label}
            </Link>
          ))}
        </nav>
        <button type="button" class="plain" onClick={signOut}>
          Sign out
        </button>
      </header>
      <main id="content" tabIndex={-1}>
        <Screen place={place} />
      </main>
    </>
  )
}

function Screen({ place: { path, query } }: { place: Place }) {
  const [screen = 'runs', runId, tab] = path
  if (screen === 'runs' && runId !== undefined) {
    return <RunScreen key={runId} runId={runId} tab={tab ?? 'stages'} query={query} />
  }
  if (screen === 'runs') return <RunsScreen query={query} />
  if (screen === 'routes') return <RoutesScreen query={query} />
  if (screen === 'measures') return <MeasuresScreen query={query} />
  return (
    <>
      <h1>There is no such page</h1>
      <p>
        <Link href="/runs">The runs</Link> are a good place to go on from.
      </p>
    </>
  )
}
