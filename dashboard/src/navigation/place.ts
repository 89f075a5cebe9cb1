import { useEffect, useState } from 'preact/hooks'

/** Where the reader is. The address holds all state of a screen, so that a link shows what its sender saw. */
export interface Place {
  /** Parts of the path: `/runs/run_1` is `['runs', 'run_1']`. */
  path: string[]
  query: URLSearchParams
}

const MOVED = 'sluice:moved'

export function currentPlace(): Place {
  const path = location.pathname.split('/').filter(Boolean).map(decodeURIComponent)
  return { path, query: new URLSearchParams(location.search) }
}

export function goTo(href: string): void {
  history.pushState(null, '', href)
  dispatchEvent(new Event(MOVED))
  if (!showAnchor()) scrollTo(0, 0)
}

/** Scrolls to what the address's fragment names; false when it names nothing that is there. */
export function showAnchor(): boolean {
  const target = document.getElementById(location.hash.slice(1))
  target?.scrollIntoView()
  return target !== null
}

/** Sets parameters of the address, or removes them where they are null, without a new entry in the history. */
export function setQuery(changes: Record<string, string | null>): void {
  const query = new URLSearchParams(location.search)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) query.delete(name)
    else query.set(name, value)
  }
  const search = query.size === 0 ? '' : `?${query}`
  history.replaceState(null, '', location.pathname + search + location.hash)
  dispatchEvent(new Event(MOVED))
}

export function usePlace(): Place {
  const [place, setPlace] = useState(currentPlace)
  useEffect(() => {
    const moved = () => setPlace(currentPlace())
    addEventListener('popstate', moved)
    addEventListener(MOVED, moved)
    return () => {
      removeEventListener('popstate', moved)
      removeEventListener(MOVED, moved)
    }
  }, [])
  return place
}
