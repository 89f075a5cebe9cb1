import { isObject, parsed, type JsonObject } from '../providers/json-object.ts'

/** The data of each event of a stream, of one line as models write it. */
export function dataIn(text: string): string[] {
  return text.split(/\r?\n|\r/).flatMap((line) => (line.startsWith('data:') ? [line.slice(5).trim()] : []))
}

/** The events of a stream that are JSON objects. */
export function eventsIn(text: string): JsonObject[] {
  return dataIn(text)
    .map(parsed)
    .filter((event) => isObject(event))
}
