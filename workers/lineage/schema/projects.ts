import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { json } from './column.ts'

export const projects = sqliteTable('projects', {
  projectId: text('project_id').primaryKey(),
  name: text('name').notNull(),
  createdAt: integer('created_at').notNull(),
})

export const apiKeys = sqliteTable('api_keys', {
  keyId: text('key_id').primaryKey(),
  projectId: text('project_id').notNull(),
  name: text('name').notNull(),
  secretSha256: text('secret_sha256').notNull(),
  scopes: json<string[]>('scopes').notNull(),
  createdAt: integer('created_at').notNull(),
  revokedAt: integer('revoked_at'),
})
