import { Link } from '../navigation/link.tsx'

const RUN_ID = /\b(run_[a-z0-9]+)\b/

/** A sentence of the API, in which the ids of runs are links. */
export function LinkedText({ text }: { text: string }) {
  // Splitting by a group keeps what it matched, at every odd place.
  return (
    <>
      {text.split(RUN_ID).map((part, index) =>
        index % 2 === 0 ? (
          part
        ) : (
          <Link key={index} href={`/runs/${part}`}>
            {part}
          </Link>
        ),
      )}
    </>
  )
}
