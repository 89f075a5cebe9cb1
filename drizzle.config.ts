import { defineConfig } from 'drizzle-kit'

export default defineConfig({ dialect: 'sqlite', schema: './workers/lineage/schema.ts', out: './migrations' })
