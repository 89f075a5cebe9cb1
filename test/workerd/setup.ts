import { applyD1Migrations, type D1Migration } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll } from 'vitest'

beforeAll(async () => {
  const { LINEAGE, TEST_MIGRATIONS } = env as unknown as {
    LINEAGE: D1Database
    TEST_MIGRATIONS: D1Migration[]
  }
  await applyD1Migrations(LINEAGE, TEST_MIGRATIONS)
})
