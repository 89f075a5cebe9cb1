import { render } from 'preact'
import { App } from './app.tsx'
import { takeKeyFromAddress } from './session/key.ts'

takeKeyFromAddress()
addEventListener('hashchange', () => {
  if (!location.hash.startsWith('#key=')) return
  takeKeyFromAddress()
  location.reload()
})
render(<App />, document.getElementById('app')!)
