import { countOf, objectOf, textOf } from '../json-object.ts'
import type { Asked, JsonObject } from '../provider.ts'
import { callItem, messageItem, refusalPart, textPart } from './response.ts'

type Emit = (type: string, fields: JsonObject) => void

/** Items of a response that grow while the answer is written. A chat may return to any of them until it ends. */
export interface OpenItems {
  text(delta: string): void
  refusal(delta: string): void
  /** A piece of a call, as in a chunk. */
  call(delta: JsonObject): void
  /** Ends all, in order, and gives them whole. */
  close(status: string): JsonObject[]
}

interface Item {
  /** Emits the item's last events and gives it whole. */
  close(status: string): JsonObject
}

interface Call extends Item {
  readonly id: string
  write(text: string): void
}

export function openItems(asked: Asked, emit: Emit): OpenItems {
  const items: Item[] = []
  const calls = new Map<number, Call>()
  let message: ReturnType<typeof openMessage> | undefined
  const messageHere = () => {
    if (!message) items.push((message = openMessage(asked, items.length, emit)))
    return message
  }
  return {
    text(delta) {
      if (delta !== '') messageHere().write('output_text', delta)
    },
    refusal(delta) {
      if (delta !== '') messageHere().write('refusal', delta)
    },
    call(delta) {
      const { name, arguments: written } = objectOf(delta.function)
      const index = countOf(delta.index)
      let call = calls.get(index)
      const id = textOf(delta.id)
      // Some servers give all calls of an answer the same index.
      if (!call || (id !== '' && id !== call.id)) {
        const named = { id: id === '' ? `call_${asked.id}_${items.length}` : id, name: textOf(name) }
        call = openCall(asked, items.length, named, emit)
        calls.set(index, call)
        items.push(call)
      }
      call.write(textOf(written))
    },
    close(status) {
      if (items.length === 0) messageHere().write('output_text', '')
      return items.map((item) => item.close(status))
    },
  }
}

type PartType = 'output_text' | 'refusal'

function openMessage(asked: Asked, output_index: number, emit: Emit) {
  const parts: { type: PartType; text: string }[] = []
  const item = (status: string) =>
    messageItem(
      asked,
      output_index,
      parts.map(({ type, text }) => partOf(type, text)),
      status,
    )
  const item_id = item('in_progress').id
  const place = (content_index: number) => ({ item_id, output_index, content_index })
  emit('response.output_item.added', { output_index, item: item('in_progress') })
  return {
    write(type: PartType, delta: string) {
      let at = parts.findIndex((part) => part.type === type)
      if (at < 0) {
        at = parts.push({ type, text: '' }) - 1
        emit('response.content_part.added', { ...place(at), part: partOf(type, '') })
      }
      parts[at]!.text += delta
      if (delta !== '')
        emit(`response.${type}.delta`, {
          ...place(at),
          delta,
          ...(type === 'output_text' ? { logprobs: [] } : {}),
        })
    },
    close(status: string) {
      parts.forEach(({ type, text }, at) => {
        const whole = type === 'output_text' ? { text, logprobs: [] } : { refusal: text }
        emit(`response.${type}.done`, { ...place(at), ...whole })
        emit('response.content_part.done', { ...place(at), part: partOf(type, text) })
      })
      emit('response.output_item.done', { output_index, item: item(status) })
      return item(status)
    },
  }
}

function partOf(type: PartType, text: string): JsonObject {
  return type === 'output_text' ? textPart(text) : refusalPart(text)
}

function openCall(asked: Asked, output_index: number, named: { id: string; name: string }, emit: Emit): Call {
  let written = ''
  const item = (status: string) => callItem(asked, output_index, { ...named, arguments: written, status })
  const item_id = item('in_progress').id
  emit('response.output_item.added', { output_index, item: item('in_progress') })
  return {
    id: named.id,
    write(delta) {
      if (delta === '') return
      written += delta
      emit('response.function_call_arguments.delta', { item_id, output_index, delta })
    },
    close(status) {
      const done = { item_id, output_index, name: named.name, arguments: written }
      emit('response.function_call_arguments.done', done)
      emit('response.output_item.done', { output_index, item: item(status) })
      return item(status)
    },
  }
}
