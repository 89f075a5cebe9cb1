import { schema, type Schema } from './schema.ts'

// https://github.com/open-telemetry/opentelemetry-proto, 1.x: common.proto, resource.proto, trace.proto, logs.proto and
// the collector's *_service.proto. Fields that are not here (entity references) are unknown and so ignored.

const anyValue = (): Schema => ANY_VALUE
const keyValue = (): Schema => KEY_VALUE
const arrayValue = (): Schema => ARRAY_VALUE
const keyValueList = (): Schema => KEY_VALUE_LIST

const ANY_VALUE = schema(
  {
    stringValue: [1, 'string'],
    boolValue: [2, 'bool'],
    intValue: [3, 'int64'],
    doubleValue: [4, 'double'],
    arrayValue: [5, arrayValue],
    kvlistValue: [6, keyValueList],
    bytesValue: [7, 'bytes'],
  },
  true,
)
const ARRAY_VALUE = schema({ values: [1, [anyValue]] })
const KEY_VALUE_LIST = schema({ values: [1, [keyValue]] })
const KEY_VALUE = schema({ key: [1, 'string'], value: [2, anyValue] })

const RESOURCE = schema({ attributes: [1, [keyValue]], droppedAttributesCount: [2, 'uint32'] })
const SCOPE = schema({
  name: [1, 'string'],
  version: [2, 'string'],
  attributes: [3, [keyValue]],
  droppedAttributesCount: [4, 'uint32'],
})

const EVENT = schema({
  timeUnixNano: [1, 'fixed64'],
  name: [2, 'string'],
  attributes: [3, [keyValue]],
  droppedAttributesCount: [4, 'uint32'],
})
const LINK = schema({
  traceId: [1, 'id'],
  spanId: [2, 'id'],
  traceState: [3, 'string'],
  attributes: [4, [keyValue]],
  droppedAttributesCount: [5, 'uint32'],
  flags: [6, 'fixed32'],
})
const STATUS = schema({ message: [2, 'string'], code: [3, 'enum'] })

export const SPAN = schema({
  traceId: [1, 'id'],
  spanId: [2, 'id'],
  traceState: [3, 'string'],
  parentSpanId: [4, 'id'],
  name: [5, 'string'],
  kind: [6, 'enum'],
  startTimeUnixNano: [7, 'fixed64'],
  endTimeUnixNano: [8, 'fixed64'],
  attributes: [9, [keyValue]],
  droppedAttributesCount: [10, 'uint32'],
  events: [11, [() => EVENT]],
  droppedEventsCount: [12, 'uint32'],
  links: [13, [() => LINK]],
  droppedLinksCount: [14, 'uint32'],
  status: [15, () => STATUS],
  flags: [16, 'fixed32'],
})

export const LOG_RECORD = schema({
  timeUnixNano: [1, 'fixed64'],
  severityNumber: [2, 'enum'],
  severityText: [3, 'string'],
  body: [5, anyValue],
  attributes: [6, [keyValue]],
  droppedAttributesCount: [7, 'uint32'],
  flags: [8, 'fixed32'],
  traceId: [9, 'id'],
  spanId: [10, 'id'],
  observedTimeUnixNano: [11, 'fixed64'],
  eventName: [12, 'string'],
})

/** Traces and logs number the fields of their groups alike: resource or scope 1, the list 2, the schema's URL 3. */
export const GROUP_LIST_FIELD = 2
export const REQUEST_LIST_FIELD = 1
export const RESOURCE_HEAD = schema({ resource: [1, () => RESOURCE], schemaUrl: [3, 'string'] })
export const SCOPE_HEAD = schema({ scope: [1, () => SCOPE], schemaUrl: [3, 'string'] })

/** A whole request, for senders. */
export function requestSchema(signal: 'traces' | 'logs'): Schema {
  const [resources, scopes, records, record] =
    signal === 'traces'
      ? (['resourceSpans', 'scopeSpans', 'spans', SPAN] as const)
      : (['resourceLogs', 'scopeLogs', 'logRecords', LOG_RECORD] as const)
  const scoped = schema({ scope: [1, () => SCOPE], [records]: [2, [() => record]], schemaUrl: [3, 'string'] })
  const grouped = schema({
    resource: [1, () => RESOURCE],
    [scopes]: [2, [() => scoped]],
    schemaUrl: [3, 'string'],
  })
  return schema({ [resources]: [1, [() => grouped]] })
}

export const TRACE_RESPONSE = schema({
  partialSuccess: [1, () => schema({ rejectedSpans: [1, 'int64'], errorMessage: [2, 'string'] })],
})
export const LOGS_RESPONSE = schema({
  partialSuccess: [1, () => schema({ rejectedLogRecords: [1, 'int64'], errorMessage: [2, 'string'] })],
})

// https://github.com/googleapis/googleapis: google/rpc/status.proto and error_details.proto.
const FIELD_VIOLATION = schema({ field: [1, 'string'], description: [2, 'string'] })
export const BAD_REQUEST = schema({ fieldViolations: [1, [() => FIELD_VIOLATION]] })
const ANY = schema({ typeUrl: [1, 'string'], value: [2, 'bytes'] })
export const RPC_STATUS = schema({ code: [1, 'enum'], message: [2, 'string'], details: [3, [() => ANY]] })
