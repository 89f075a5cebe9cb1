import { Link } from '../navigation/link.tsx'

/** Ids of evaluations that a stage started name the stage. */
const ID = /\b(run_[a-z0-9]+|eval_[\w-]+)/

/** A sentence of the API, in which the ids of runs and evaluations are links. */
export function LinkedText({ text }: { text: string }) {
  // Splitting by a group keeps what it matched, at every odd place.
  return (
    <>
      {text.split(ID).map((part, index) =>
        index % 2 === 0 ? (
          part
        ) : (
          <Link key={index} href={`/${part.startsWith('run_') ? 'runs' : 'evaluations'}/${part}`}>
            {part}
          </Link>
        ),
      )}
    </>
  )
}
