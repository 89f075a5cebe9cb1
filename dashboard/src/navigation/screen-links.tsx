import { Link } from './link.tsx'

const SCREENS = [
  ['runs', 'Runs'],
  ['evaluations', 'Evaluations'],
  ['inbox', 'Inbox'],
  ['gates', 'Gates'],
  ['routes', 'Routes'],
  ['measures', 'Measures'],
  ['operations', 'Operations'],
] as const

interface ScreenLinksProps {
  current: string
  /** Decisions that wait for the reader. */
  waiting: number
}

export function ScreenLinks({ current, waiting }: ScreenLinksProps) {
  return (
    <nav aria-label="Screens">
      {SCREENS.map(([name, label]) => (
        <Link key={name} href={`/${name}`} isCurrent={current === name}>
          {label}
          {name === 'inbox' && waiting > 0 && (
            <>
              {' '}
              <span class="badge">{waiting}</span>
              <span class="hidden"> {waiting === 1 ? 'decision waits' : 'decisions wait'} for you</span>
            </>
          )}
        </Link>
      ))}
    </nav>
  )
}
