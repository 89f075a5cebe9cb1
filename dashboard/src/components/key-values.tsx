import { plainNumber } from '../format/number.ts'
import { isRef } from '../format/ref.ts'
import { Link } from '../navigation/link.tsx'
import { Moment } from './moment.tsx'
import { RefText } from './ref-text.tsx'

/** Numbers from here on, in ms since the epoch, are times: 2001 and later. */
const FIRST_TIME = 1e12

type Fields = Record<string, unknown>

/** Any JSON object as a list of names and values; lists of objects become tables. */
export function KeyValues({ value }: { value: Fields }) {
  const entries = Object.entries(value)
  if (entries.length === 0) return <span class="quiet">none</span>
  return (
    <dl class="key-values">
      {entries.map(([key, item]) => (
        <div key={key}>
          <dt>{inWords(key)}</dt>
          <dd>
            <Value value={item} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Value({ value }: { value: unknown }) {
  if (value === null || value === undefined || value === '') return <span class="quiet">none</span>
  if (typeof value === 'number')
    return value >= FIRST_TIME ? <Moment at={value} /> : <>{plainNumber(value)}</>
  if (typeof value === 'boolean') return <>{value ? 'yes' : 'no'}</>
  if (isRef(value) || (typeof value === 'string' && /^[0-9a-f]{40,}$/.test(value)))
    return <RefText value={value} />
  if (typeof value === 'string' && /^eval_[\w-]+$/.test(value))
    return <Link href={`/evaluations/${value}`}>{value}</Link>
  if (Array.isArray(value)) return <List items={value} />
  if (typeof value === 'object') return <KeyValues value={value as Fields} />
  return <>{String(value)}</>
}

function List({ items }: { items: unknown[] }) {
  if (items.length === 0) return <span class="quiet">none</span>
  const isTable = items.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item))
  if (isTable) return <Table rows={items as Fields[]} />
  return (
    <ul class="inline-list">
      {items.map((item, index) => (
        <li key={index}>
          <Value value={item} />
        </li>
      ))}
    </ul>
  )
}

function Table({ rows }: { rows: Fields[] }) {
  const columns = [...new Set(rows.flatMap(Object.keys))]
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {inWords(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {columns.map((column) => (
                <td key={column}>
                  <Value value={row[column]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** `topLabel` as people write it: `top label`. */
function inWords(name: string): string {
  return /^[a-z]+([A-Z][a-z]*)+$/.test(name)
    ? name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    : name
}
