import { isObject, objectOf } from '../../providers/json-object.ts'
import { itemsOf } from '../flattened.ts'
import { messageList } from '../messages.ts'
import type { Role, ChatMessage } from '../view.ts'

/**
 * Messages that are flattened as OpenInference does: `PREFIX.0.message.role`, `.content`,
 * `.contents.0.message_content.text`, `.tool_calls.0.tool_call.function.name`.
 */
export function flattenedMessages(items: readonly unknown[], role: Role): ChatMessage[] {
  return messageList(items.map(plainMessage), role)
}

/** A message in OpenAI's shape. One that was written as such, as JSON, is it already. */
function plainMessage(item: unknown): unknown {
  if (!isObject(item) || !isObject(item.message)) return item
  const { message } = item
  const { content, contents, function_call_name: name, function_call_arguments_json: given } = message
  return {
    role: message.role,
    content: contents === undefined ? content : itemsOf(contents).map(plainContent),
    tool_calls: itemsOf(message.tool_calls).map((call) => objectOf(call).tool_call ?? call),
    tool_call_id: message.tool_call_id,
    ...(name === undefined ? {} : { function_call: { name, arguments: given } }),
  }
}

/** A part; its `tool_use` has the call beside it. */
function plainContent(item: unknown): unknown {
  if (!isObject(item)) return item
  const content = objectOf(item.message_content ?? item)
  const call = objectOf(item.tool_call ?? content.tool_call)
  return content.type === 'tool_use' ? { ...call, type: 'tool_use' } : content
}
