import { streamEnd } from '../../domain/streams/end.ts'
import { broken, DONE, errorEvent } from '../../domain/providers/translator.ts'
import { passTranslated } from './pass-translated.ts'
import { giveUp, stopWaiting, type Patience } from './patience.ts'
import { begin, ClientGone, conclude, pump } from './pump.ts'
import type { NativeStream, OpenedStream, PassSettings, StreamResult } from './streams.ts'

/** Whether the upstream ended the stream or broke it off, or the caller left. */
type Passage = 'ended' | 'broken' | 'client_gone'

/** How long a stream that broke may take to say so. */
const BREAK_MS = 10

/** Sends a stream that has begun, to its end. One that breaks ends with an error event, never as if it were whole. */
export function passStream(
  opened: OpenedStream,
  settings: PassSettings,
): { readable: ReadableStream<Uint8Array>; ended: Promise<StreamResult> } {
  const { readable, writable } = new IdentityTransformStream()
  const passing =
    opened.kind === 'native'
      ? passNative(opened, writable, settings)
      : passTranslated(opened, writable, settings)
  return { readable, ended: passing.finally(() => stopWaiting(opened.patience)) }
}

async function passNative(
  { head, rest, kept, patience }: NativeStream,
  writable: WritableStream<Uint8Array>,
  settings: PassSettings,
): Promise<StreamResult> {
  begin(writable, head)
  const { passage, text } = await passRest(rest, kept, writable, patience, settings)
  if (passage === 'client_gone') {
    giveUp(patience)
    return { outcome: passage, text, usage: null }
  }
  if (passage === 'broken') {
    const outcome = patience.expired ? 'stalled' : 'cut'
    await conclude(writable, breakEvent(outcome))
    return { outcome, text, usage: null }
  }
  const { how, usage } = streamEnd(text)
  await conclude(writable, how === 'unsaid' ? DONE : how === 'broken' ? breakEvent('cut') : '')
  return { outcome: OUTCOMES[how], text, usage }
}

const OUTCOMES = { done: 'done', unsaid: 'completed', error: 'failed', broken: 'cut' } as const

async function passRest(
  rest: ReadableStream<Uint8Array> | null,
  kept: ReadableStream<Uint8Array>,
  writable: WritableStream<Uint8Array>,
  patience: Patience,
  settings: PassSettings,
): Promise<{ passage: Passage; text: string }> {
  try {
    if (rest && settings.chunkMs !== undefined) await pump(rest.getReader(), writable, patience, settings)
    else if (rest) await rest.pipeTo(writable, { preventAbort: true, preventClose: true })
    return { passage: 'ended', text: await new Response(kept).text() }
  } catch (error) {
    // A caller who left does not break the upstream's side, of which the copy tells.
    const gone = error instanceof ClientGone || settings.isClientGone()
    const { text, broke } = await readKept(kept)
    return { passage: broke && !gone ? 'broken' : 'client_gone', text }
  }
}

/** What was kept of a stream that did not end well, and whether it is the upstream that broke it. */
async function readKept(kept: ReadableStream<Uint8Array>): Promise<{ text: string; broke: boolean }> {
  const decoder = new TextDecoder()
  let text = ''
  if (kept.locked) return { text, broke: true }
  const reader = kept.getReader()
  const silence = scheduler.wait(BREAK_MS).then(() => undefined)
  try {
    for (;;) {
      const part = await Promise.race([reader.read(), silence])
      if (!part || part.done) return { text, broke: false }
      text += decoder.decode(part.value, { stream: true })
    }
  } catch {
    return { text, broke: true }
  }
}

const WORDS = {
  cut: 'The stream of the model broke off',
  stalled: 'The model did not finish in time',
}

/** An event that SDKs raise as an error. The empty line first ends an event that broke off. */
function breakEvent(outcome: keyof typeof WORDS): string {
  return `\n\n${errorEvent(broken(WORDS[outcome]))}`
}
