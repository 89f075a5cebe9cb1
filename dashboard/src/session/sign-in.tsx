import { useState } from 'preact/hooks'
import { Problem } from '../api/problem.ts'
import { ProblemNotice } from '../components/problem-notice.tsx'
import { storeKey } from './key.ts'

/** Asks for an API key. `problem` says why the one before was refused. */
export function SignIn({ problem, onKey }: { problem?: Problem | undefined; onKey: () => void }) {
  const [key, setKey] = useState('')
  function submit(event: Event) {
    event.preventDefault()
    if (key.trim() === '') return
    storeKey(key)
    onKey()
  }
  return (
    <main class="sign-in">
      <h1>Sluice</h1>
      <p>
        The dashboard reads the API with a key of yours. It stays in this tab and is gone when you close it.
      </p>
      {problem && <ProblemNotice problem={problem} />}
      <form onSubmit={submit}>
        <label for="key">API key</label>
        <input
          id="key"
          type="password"
          autocomplete="off"
          spellcheck={false}
          value={key}
          onInput={(event) => setKey(event.currentTarget.value)}
        />
        <button type="submit" class="primary">
          Sign in
        </button>
      </form>
      <h2>Where to get one</h2>
      <dl class="commands">
        <dt>On your machine: start the stack. It prints an address that signs you in.</dt>
        <dd>
          <code>npm start</code>
        </dd>
        <dt>
          Elsewhere: a key with the scope admin makes more keys. read shows everything; approve can roll back.
        </dt>
        <dd>
          <code>
            {`curl ${location.origin}/api/v1/keys -H "authorization: Bearer $SLUICE_KEY" -H "content-type: application/json" -d '{"name":"dashboard","scopes":["read","approve"]}'`}
          </code>
        </dd>
      </dl>
    </main>
  )
}
