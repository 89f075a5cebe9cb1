import { sentences } from '../text/sentences.ts'

/** A refusal comes first; what is refused further down is part of an answer. */
const OPENING_SENTENCES = 3
/** A sentence that only looks like a refusal counts when fewer words than these follow: then there is no answer. */
const WORDS_OF_AN_ANSWER = 10

const CANNOT = `(?:can(?:['’]?t|not| not)(?: (?:and|or) (?:will not|won['’]?t))?|won['’]?t|will not|(?:am|are|['’]m|['’]re|is) (?:not able|unable|not allowed|not permitted|not authori[sz]ed|prohibited|not in a position|not (?:going|here)|not designed)(?: to| from)?|must (?:decline|refuse)(?: to)?|have to (?:decline|refuse)(?: to)?|(?:do not|don['’]t) have (?:the )?(?:ability|authority|permission|means) to)`
const SELF = `\\b(?:i|we|this (?:assistant|bot|service))`
const ADVERBS = `(?: (?:really|simply|just|unfortunately|currently|also|ethically|legally|personally|directly))?`

/** Sentences that refuse whatever follows. */
const REFUSES = [
  new RegExp(`${SELF}${ADVERBS} ?(?:${CANNOT}|could(?:n['’]t| not))${ADVERBS} (?:help(?:ing)?(?! (?:but|noticing|wondering|thinking|feeling))|assist(?:ing)?|comply(?:ing)?|fulfil?l|accommodate|do (?:that|this|so|what you)|support (?:you|that|this|your)|engage|participate|continue (?:with )?(?:this|that)|go along|discuss(?:ing)?|condone|encourage|promote|facilitate|respond to|answer (?:that|this|your|such|questions?)|meet (?:that|this|your) request|grant|honou?r (?:that|this|your) request|carry out)\\b`, 'i'),
  new RegExp(`${SELF} (?:must|have to|need to|['’]?(?:ll|will|am going to|['’]m going to) have to|['’]d rather|would (?:rather|prefer))? ?(?:respectfully |politely )?(?:decline|refuse)\\b`, 'i'),
  new RegExp(`${SELF}(?:['’]d| would) (?:rather|prefer) (?:not|not to) (?:say|answer|discuss|comment|share|talk)\\b`, 'i'),
  new RegExp(`${SELF} (?:(?:do not|don['’]t) feel|(?:am|are|['’]m|['’]re) not) comfortable\\b`, 'i'),
  /\bas an? (?:ai|artificial intelligence|(?:large )?language model|virtual assistant|automated (?:assistant|system))\b[^.]{0,80}\b(?:can(?:['’]?t|not)|unable|not able|do(?:n['’]t| not)|am not|['’]m not)\b/i,
  /\b(?:against|violates?|not (?:permitted|allowed) (?:by|under)|outside|beyond) (?:my|our|the) (?:\w+ ){0,2}(?:polic(?:y|ies)|guidelines|rules|programming|principles|scope|remit|capabilities)\b/i,
  /\b(?:that|this|it)(?: request)?(?:['’]s| is) (?:not (?:something|a (?:topic|thing)) (?:(?:that )?(?:i|we)|i['’]m|we['’]re)\b[^.]{0,40}\b(?:help|assist|able|do|can|comfortable|discuss|support)|(?:outside|beyond) (?:of )?(?:my|our|what i))/i,
  /^(?:(?:i['’]?m |i am |we are |we['’]re )?(?:(?:so|very|really|terribly) )?sorry,? (?:but )?(?:no|i can['’]?t|i cannot|we can['’]?t|we cannot|that['’]s not possible)[.!]?|no comment[.!]?|request denied[.!]?|unable to (?:comply|assist|help)[^.]{0,40}[.!]?)$/i,
] // prettier-ignore

/** Sentences that refuse or evade when nothing else is said. */
const EVADES = [
  new RegExp(`${SELF}${ADVERBS} ?${CANNOT}${ADVERBS} (?:provide|share|give|tell|offer|disclose|reveal|say|comment|advise|recommend|write|create|generate|produce|make|process|answer|access|look (?:that|this|it|into)|handle|perform|take (?:any )?action)\\b`, 'i'),
  new RegExp(`${SELF}${ADVERBS} (?:do not|don['’]t) (?:know|have (?:that|this|any|enough|the|access to)|understand)\\b`, 'i'),
  new RegExp(`${SELF}(?: am|['’]m| are|['’]re) not (?:sure|certain|qualified)\\b`, 'i'),
  new RegExp(`${SELF} have no (?:idea|information|way of knowing)\\b`, 'i'),
  /\b(?:please |kindly |you (?:should|need to|have to|must|will have to) |i(?:['’]d| would) (?:recommend|suggest|advise) (?:that )?(?:you )?)(?:contact|consult|ask|speak (?:to|with)|reach out to|call|check with|see|contacting|asking) (?:a |an |our |the |your |another |some)/i,
] // prettier-ignore

/**
 * The phrase with which a text refuses or evades, undefined when it answers. Decides by its first sentences: some refuse
 * whatever follows, others ("I can't give you the exact day", "I don't have that") only when no answer follows.
 */
export function refusalIn(text: string): string | undefined {
  const opening = sentences(text)
  for (const [index, sentence] of opening.slice(0, OPENING_SENTENCES).entries()) {
    if (REFUSES.some((rule) => rule.test(sentence))) return sentence.slice(0, 160)
    if (EVADES.some((rule) => rule.test(sentence)) && !isAnswered(sentence, opening.toSpliced(index, 1)))
      return sentence.slice(0, 160)
  }
  return undefined
}

/** Whether enough is said beside the evasion: after its "but" or semicolon, or in sentences that do not evade or take leave. */
function isAnswered(sentence: string, others: readonly string[]): boolean {
  const after = /(?:[,—–-] ?(?:but|however|though|yet)\b|;)(.*)$/i.exec(sentence)?.[1] ?? ''
  const said = [after, ...others].filter(
    (part) => !EVADES.some((rule) => rule.test(part)) && !LEAVE_TAKING.test(part),
  )
  return words(said.join(' ')) >= WORDS_OF_AN_ANSWER
}

/** Apologies, thanks and offers: they answer nothing. */
const LEAVE_TAKING =
  /\b(?:sorry|apologi[sz]e|thank you|thanks|anything else|(?:let me know|feel free|happy to help|here to help)|hope (?:this|that) helps|have a (?:nice|great|good)|something else)\b/i

function words(text: string): number {
  return text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0
}
