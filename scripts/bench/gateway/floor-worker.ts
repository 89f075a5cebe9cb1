import { Hono } from 'hono'

/** A gateway that does nothing: under `/hono` by way of Hono, under `/plain` without. */
interface Bindings {
  UPSTREAM: string
}

const hono = new Hono<{ Bindings: Bindings }>().post('/hono/v1/*', (c) =>
  pass(c.req.raw, `${c.env.UPSTREAM}${c.req.path.slice('/hono'.length)}`),
)

async function pass(request: Request, url: string): Promise<Response> {
  const { status, headers, body } = await fetch(url, request)
  return new Response(body, { status, headers })
}

export default {
  fetch(request, env, ctx) {
    const { pathname } = new URL(request.url)
    if (!pathname.startsWith('/plain')) return hono.fetch(request, env, ctx)
    return pass(request, `${env.UPSTREAM}${pathname.slice('/plain'.length)}`)
  },
} satisfies ExportedHandler<Bindings>
