import type { ComponentChildren } from 'preact'
import { goTo } from './place.ts'

interface LinkProps {
  href: string
  children: ComponentChildren
  class?: string
  isCurrent?: boolean
}

/** A link within the dashboard. A click with a modifier is the browser's, as with any link. */
export function Link({ href, children, class: className, isCurrent = false }: LinkProps) {
  function follow(event: MouseEvent) {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    goTo(href)
  }
  return (
    <a href={href} class={className} aria-current={isCurrent ? 'page' : undefined} onClick={follow}>
      {children}
    </a>
  )
}
