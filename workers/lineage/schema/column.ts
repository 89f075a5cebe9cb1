import { text } from 'drizzle-orm/sqlite-core'
import type { Json } from '../../../domain/json.ts'

/** A column of JSON text. */
export const json = <T = Json>(name: string) => text(name, { mode: 'json' }).$type<T>()
