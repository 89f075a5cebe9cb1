import { WIRE_TYPE } from './cursor.ts'

/** `id` is bytes that OTLP/JSON writes as hex instead of base64. */
export type ScalarType =
  | 'string'
  | 'bytes'
  | 'id'
  | 'bool'
  | 'uint32'
  | 'enum'
  | 'int64'
  | 'fixed32'
  | 'fixed64'
  | 'double'

export interface Field {
  number: number
  /** Its name in JSON. */
  name: string
  type: ScalarType | (() => Schema)
  repeated: boolean
  wireType: number
}

/** A message by field number. Of a `oneof` only the last field counts, and an empty one is written. */
export interface Schema {
  fields: readonly (Field | undefined)[]
  oneof: boolean
}

const SCALAR_WIRE_TYPE: Record<ScalarType, number> = {
  string: WIRE_TYPE.bytes,
  bytes: WIRE_TYPE.bytes,
  id: WIRE_TYPE.bytes,
  bool: WIRE_TYPE.varint,
  uint32: WIRE_TYPE.varint,
  enum: WIRE_TYPE.varint,
  int64: WIRE_TYPE.varint,
  fixed32: WIRE_TYPE.fixed32,
  fixed64: WIRE_TYPE.fixed64,
  double: WIRE_TYPE.fixed64,
}

/** `{ traceId: [1, 'id'], attributes: [9, [keyValue]] }`: number and type by name; a list stands for repeated. */
export function schema(
  named: Record<string, readonly [number, ScalarType | (() => Schema) | readonly [() => Schema]]>,
  oneof = false,
): Schema {
  const fields: (Field | undefined)[] = []
  for (const [name, [number, given]] of Object.entries(named)) {
    const repeated = Array.isArray(given)
    const type = (repeated ? given[0] : given) as Field['type']
    const wireType = typeof type === 'string' ? SCALAR_WIRE_TYPE[type] : WIRE_TYPE.bytes
    fields[number] = { number, name, type, repeated, wireType }
  }
  return { fields, oneof }
}
