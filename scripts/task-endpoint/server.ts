import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { Webhook } from 'standardwebhooks'
import { Task } from '../../domain/task/contract.ts'
import { refuse, signatureProblem, signedBody } from '../gpu-endpoint/requests.ts'
import { NAME } from './identity.ts'
import type { Tasks } from './tasks.ts'

const MAX_BODY_BYTES = 4_000_000

/** The endpoint's HTTP interface (`domain/task/contract.ts`). */
export function taskEndpointApp({ tasks, signingSecret }: { tasks: Tasks; signingSecret: string }): Hono {
  const app = new Hono()
  const webhook = new Webhook(signingSecret)

  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (c) => refuse(c, 413, 'too_large', `the body is over ${MAX_BODY_BYTES} bytes`),
    }),
  )
  app.get('/health', (c) => c.json({ name: NAME, tasks: tasks.counts() }))

  app.post('/v1/tasks', async (c) => {
    const task = await signedBody(webhook, c, Task, 'invalid_task')
    if ('refused' in task) return task.refused
    const answer = tasks.perform(task.data)
    return c.json(answer, answer.status === 'accepted' ? 202 : 200)
  })
  app.delete('/v1/tasks/:id', async (c) => {
    const refused = signatureProblem(webhook, c, await c.req.text())
    if (refused) return refused
    tasks.cancel(c.req.param('id'))
    return c.json({ task_id: c.req.param('id'), status: 'cancelled' })
  })

  app.notFound((c) => refuse(c, 404, 'not_found', `no such path: ${c.req.path}`))
  app.onError((error, c) => refuse(c, 500, 'internal', error.message))
  return app
}
