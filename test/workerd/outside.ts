import { Response, type Request } from 'miniflare'
import { gatewayHost } from './gateway-hosts.ts'
import { judgeHost, scoringService } from './judge-hosts.ts'

/**
 * The world outside the Worker in these tests: model endpoints and a training endpoint by host name. It runs in Node,
 * outside workerd, so that the Worker's own `fetch` is what is tested.
 */
const calls: { host: string; method: string; path: string; body: string; at: number }[] = []

export async function outside(request: Request): Promise<Response> {
  const { hostname, pathname } = new URL(request.url)
  // What was called so far, for the tests to look at.
  if (hostname === 'calls.test') return Response.json(calls)
  const body = await request.text()
  calls.push({ host: hostname, method: request.method, path: pathname, body, at: Date.now() })
  const judged = await judgeHost(hostname, pathname, body)
  if (judged) return judged
  const upstream = await gatewayHost(hostname, pathname, Object.fromEntries(request.headers), body)
  if (upstream) return upstream
  switch (hostname) {
    case 'service.test':
      return scoringService(Object.fromEntries(request.headers), body)
    case 'good.test':
      return completion('{"intent":"track","action":"track_parcel","reply":"Parcels take three days."}')
    case 'previous.test':
      return completion('{"intent":"track","action":"track_parcel","reply":"From the previous model."}')
    case 'broken.test':
      return new Response('broken', { status: 500 })
    case 'overloaded.test':
      return new Response('overloaded', { status: 503 })
    case 'locked.test':
      return Response.json({ error: { message: 'wrong key' } }, { status: 401 })
    case 'strict.test':
      return Response.json(
        {
          error: {
            message: 'too long',
            type: 'invalid_request_error',
            param: 'messages',
            code: 'context_length_exceeded',
          },
        },
        { status: 400 },
      )
    case 'silent.test':
      await new Promise((resolve) => setTimeout(resolve, 5_000))
      return completion('too late')
    case 'caller.test':
      return toolCall('track_parcel', '{"parcel":7}')
    case 'streaming.test':
      return new Response(eventStream(), { headers: { 'content-type': 'text/event-stream' } })
    case 'cut.test':
      // Says that it answers, and is cut off in the middle.
      return new Response(cutOff(), { headers: { 'content-type': 'application/json' } })
    case 'gpu.test':
      return Response.json({ job_id: 'job', status: 'queued' }, { status: 202 })
    case 'tasks.test':
      return request.method === 'DELETE' ? Response.json({}) : taskAnswer(JSON.parse(body))
    default:
      return new Response('no such host', { status: 502 })
  }
}

interface TaskSent {
  task_id: string
  stage: string
  attempt: number
  params: {
    do?: string
    value?: unknown
    times?: number
    error?: object
    outputs?: object
    bytes?: number
    ms?: number
  }
  inputs: Record<string, unknown>
  item?: { index: number; value: unknown }
}

/** What a task endpoint answers; `params.do` says how it behaves. */
async function taskAnswer({ task_id, attempt, params, inputs, item }: TaskSent): Promise<Response> {
  const itemTry = Number(task_id.split('.').at(-1))
  switch (params.do) {
    case 'later':
      return Response.json({ status: 'accepted' }, { status: 202 })
    case 'later-slowly':
      // Its work begins when it answers: what told it to stop before that came too early.
      await new Promise((resolve) => setTimeout(resolve, params.ms ?? 1_000))
      calls.push({
        host: 'tasks.test',
        method: 'ACCEPTED',
        path: `/v1/tasks/${task_id}`,
        body: '',
        at: Date.now(),
      })
      return Response.json({ status: 'accepted' }, { status: 202 })
    case 'large':
      return Response.json({ status: 'succeeded', outputs: { value: 'x'.repeat(params.bytes!) } })
    case 'fail':
      return Response.json({
        status: 'failed',
        error: { message: 'as told', retryable: true, code: 'told', ...params.error },
      })
    case 'fail-first':
      return attempt <= (params.times ?? 1)
        ? Response.json({ status: 'failed', error: { code: 'flaky', message: 'not yet', retryable: true } })
        : Response.json({ status: 'succeeded', outputs: { value: attempt } })
    case 'fail-item':
      return (item!.value as { fails?: number }).fails! >= itemTry
        ? Response.json({ status: 'failed', error: { code: 'flaky', message: 'not yet', retryable: true } })
        : Response.json({ status: 'succeeded', outputs: { value: item!.index } })
    case 'broken':
      return new Response('broken', { status: 500 })
    case 'refused':
      return new Response('no such thing', { status: 404 })
    default:
      return Response.json({
        status: 'succeeded',
        outputs: { value: item?.value ?? params.value ?? inputs.value ?? null, ...params.outputs },
      })
  }
}

/** Two events, the second half a second after the first. */
function eventStream(): ReadableStream {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async start(controller) {
      controller.enqueue(encoder.encode('data: {"choices":[{"delta":{"content":"Parcels"}}]}\n\n'))
      await new Promise((resolve) => setTimeout(resolve, 500))
      controller.enqueue(encoder.encode('data: [DONE]\n\n'))
      controller.close()
    },
  })
}

function cutOff(): ReadableStream {
  return new ReadableStream({
    async start(controller) {
      controller.enqueue(new TextEncoder().encode('{"choices":[{"message":'))
      await new Promise((resolve) => setTimeout(resolve, 50))
      controller.error(new Error('cut off'))
    },
  })
}

function toolCall(name: string, args: string): Response {
  const call = { id: 'call_1', type: 'function', function: { name, arguments: args } }
  const message = { role: 'assistant', content: null, tool_calls: [call] }
  return Response.json({
    choices: [{ index: 0, message, finish_reason: 'tool_calls' }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  })
}

function completion(content: string): Response {
  return Response.json({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  })
}
