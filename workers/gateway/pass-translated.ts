import { giveUp } from './patience.ts'
import { begin, ClientGone, conclude, pump } from './pump.ts'
import type { PassSettings, StreamOutcome, StreamResult, TranslatedStream } from './streams.ts'

const encoder = new TextEncoder()

/** Sends a stream in another dialect than its upstream speaks. */
export async function passTranslated(
  { head, rest, decoder, translator, patience }: TranslatedStream,
  writable: WritableStream<Uint8Array>,
  settings: PassSettings,
): Promise<StreamResult> {
  let text = head
  const through = (chunk: Uint8Array) => {
    const events = translator.feed(decoder.decode(chunk, { stream: true }))
    text += events
    return events === '' ? undefined : encoder.encode(events)
  }
  let cut: StreamOutcome | undefined
  try {
    begin(writable, [encoder.encode(head)])
    await pump(rest, writable, patience, settings, through)
  } catch (error) {
    if (error instanceof ClientGone || settings.isClientGone()) {
      giveUp(patience)
      return { outcome: 'client_gone', text, usage: translator.usage }
    }
    cut = patience.expired ? 'stalled' : 'cut'
  }
  const spoken = translator.failed
  const events = translator.end()
  await conclude(writable, events)
  const outcome = translator.done ? 'done' : spoken ? 'failed' : (cut ?? 'cut')
  return { outcome, text: text + events, usage: translator.usage }
}
