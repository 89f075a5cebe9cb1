import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

/** So close to the end, one is taken to be there. */
const NEAR_PX = 24

/** Keeps the end of a scrolled list in sight as it grows, unless its reader has scrolled away from there. */
export function useTail(length: number): [RefObject<HTMLDivElement | null>, () => void] {
  const list = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  useLayoutEffect(() => {
    if (isAtEnd.current) list.current?.scrollTo({ top: list.current.scrollHeight })
  }, [length])
  function onScroll() {
    const { scrollHeight, scrollTop, clientHeight } = list.current!
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_PX
  }
  return [list, onScroll]
}
