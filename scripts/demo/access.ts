import { answer, createClient } from '../../client/sluice.ts'
import type { Stack } from '../stack/stack.ts'

const SCOPES = ['read', 'ingest', 'gateway', 'run', 'approve'] as const
type Scope = (typeof SCOPES)[number]

/** One API key for each thing that the demo does, with no more scope than that needs. */
export interface Access {
  as(scope: Scope): { url: string; key: string }
  client(scope: Scope): ReturnType<typeof createClient>
}

export async function createAccess({ url, settings }: Stack): Promise<Access> {
  const admin = createClient({ url, key: settings.adminKey })
  const keys = await Promise.all(
    SCOPES.map(async (scope) => {
      const { key } = await answer(admin.keys.$post({ json: { name: `demo ${scope}`, scopes: [scope] } }))
      return [scope, key] as const
    }),
  )
  const byScope = Object.fromEntries(keys) as Record<Scope, string>
  const as = (scope: Scope) => ({ url, key: byScope[scope] })
  return { as, client: (scope) => createClient(as(scope)) }
}
