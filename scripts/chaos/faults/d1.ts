import { step, strikes } from './dice.ts'

/** A D1 database some of whose statements fail: before they are carried out, or after, when the answer is lost. */
export function shakenD1(env: object, database: D1Database): D1Database {
  const inner = new WeakMap<object, D1PreparedStatement>()
  const shake = async <T>(act: () => Promise<T>): Promise<T> => {
    step()
    if (strikes(env, 'd1.before', ({ d1 }) => d1 / 2))
      throw new Error('D1_ERROR: injected before the statement')
    const result = await act()
    if (strikes(env, 'd1.after', ({ d1 }) => d1 / 2))
      throw new Error('D1_ERROR: injected after the statement')
    return result
  }
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement => {
    const wrapped = {
      bind: (...values: unknown[]) => wrap(statement.bind(...values)),
      first: (...column: [string]) => shake(() => statement.first(...column)),
      run: () => shake(() => statement.run()),
      all: () => shake(() => statement.all()),
      raw: (...options: []) => shake(() => statement.raw(...options)),
    }
    inner.set(wrapped, statement)
    return wrapped as unknown as D1PreparedStatement
  }
  return {
    prepare: (query: string) => wrap(database.prepare(query)),
    batch: (statements: D1PreparedStatement[]) =>
      shake(() => database.batch(statements.map((statement) => inner.get(statement)!))),
    exec: (query: string) => shake(() => database.exec(query)),
  } as unknown as D1Database
}
