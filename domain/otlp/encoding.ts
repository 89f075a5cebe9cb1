/** The two encodings of OTLP/HTTP; an answer has that of its request. */
export const CONTENT_TYPES = {
  json: 'application/json',
  protobuf: 'application/x-protobuf',
} as const

export type OtlpEncoding = keyof typeof CONTENT_TYPES

/** The encoding a Content-Type header names, with or without parameters; null for any other (415). */
export function encodingOf(contentType: string | null): OtlpEncoding | null {
  const type = contentType?.split(';', 1)[0]!.trim().toLowerCase()
  if (type === CONTENT_TYPES.json) return 'json'
  return type === CONTENT_TYPES.protobuf ? 'protobuf' : null
}
