/** What a record holds by itself. Names come from users: one may be that of something that every object inherits. */
export function own<T>(record: Record<string, T>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}
