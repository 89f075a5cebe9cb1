import { useApi } from '../../api/use-api.ts'
import type { DeadLetterPage } from '../../api/operation-views.ts'
import { Pending } from '../../components/pending.tsx'
import { Link } from '../../navigation/link.tsx'
import { DeadLetter } from './dead-letter.tsx'
import { GateLock } from './gate-lock.tsx'

const REFRESH_MS = 10_000
const PAGE_LETTERS = 50

/** What an operator looks at when something is stuck. */
export function OperationsScreen({ query }: { query: URLSearchParams }) {
  const before = query.get('before')
  const path = `/dead-letters?limit=${PAGE_LETTERS}${before === null ? '' : `&before=${before}`}`
  const answered = useApi<DeadLetterPage>(path, () => REFRESH_MS)
  const { data, reload } = answered
  return (
    <>
      <h1>Operations</h1>
      <section aria-labelledby="dead-letters">
        <h2 id="dead-letters">Dead letters</h2>
        <p class="about">
          Messages that failed every retry of their queue. The stage that a message belongs to was told, and
          is tried again as its policy says. A replay does not do twice what was done since.
        </p>
        <Pending of={answered} />
        {data?.deadLetters.length === 0 && (
          <p class="card quiet">{before === null ? 'None: every message was taken.' : 'No older ones.'}</p>
        )}
        {data?.deadLetters.map((letter) => (
          <DeadLetter key={letter.deadLetterId} letter={letter} onReplayed={reload} />
        ))}
        <nav class="pages" aria-label="Pages of dead letters">
          {before !== null && <Link href="/operations">← Newest</Link>}
          {data && data.next !== null && <Link href={`/operations?before=${data.next}`}>Older →</Link>}
        </nav>
      </section>
      <GateLock target={query.get('lock')} />
    </>
  )
}
