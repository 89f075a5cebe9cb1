import { useState } from 'preact/hooks'
import { shortRef } from '../format/ref.ts'

const SAID_FOR_MS = 1500

/** A ref, version or commit: short to read, whole on hover, and copied by a click. */
export function RefText({ value, shown = shortRef(value) }: { value: string; shown?: string }) {
  const [copied, setCopied] = useState(false)
  async function copy() {
    await navigator.clipboard.writeText(value)
    setCopied(true)
    setTimeout(() => setCopied(false), SAID_FOR_MS)
  }
  return (
    <button
      type="button"
      class="ref"
      title={`${value}\nClick to copy`}
      aria-label={`Copy ${value}`}
      onClick={copy}
    >
      {copied ? 'copied' : shown}
    </button>
  )
}
