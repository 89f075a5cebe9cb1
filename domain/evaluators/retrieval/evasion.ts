/** Says that there is no answer, or refuses one. English only. */
const PATTERNS = [
  /\bi(?:['’]m| am)? (?:do not|don['’]?t|did not|didn['’]?t|cannot|can['’]?t|could not|couldn['’]?t|not) (?:\p{L}+ )?(?:know|sure|certain|aware|say|tell|answer|find|help|assist|comment|determine|provide|have (?:any |the |that |enough |access)|able)/iu,
  /\b(?:unable|not able|not possible for me|not in a position) to (?:\p{L}+ )?(?:answer|help|assist|provide|say|tell|determine|find|comment|share|access)\b/iu,
  /\bno (?:idea|clue|information (?:is )?(?:available|provided|given|on|about|regarding))\b/i,
  /\b(?:is|are|was|were) (?:not|n['’]t) (?:mentioned|provided|specified|stated|given|included|available in|clear from|enough information)\b/i,
  /\b(?:context|documents?|passages?|text|information) (?:provided |given )?(?:does|do|did)(?: not|n['’]t) (?:\p{L}+ )?(?:mention|say|contain|include|specify|provide|state|answer)\b/iu,
  /\b(?:it depends|hard to say|as an ai|i['’]?d rather not|that['’]?s (?:a )?(?:good|great) question)\b/i,
  /\b(?:sorry|apologi[sz]e|unfortunately|afraid)\b.{0,40}\b(?:can(?:not|['’]?t| not)|unable|not able|don['’]?t (?:know|have)|do not (?:know|have))\b/i,
]

/** Patterns see so much of a sentence. */
const MAX_CHARS = 500

/** Whether a sentence evades: "I don't know", "I cannot help with that", "The context does not mention it". */
export function isEvasive(sentence: string): boolean {
  const text = sentence.slice(0, MAX_CHARS)
  return PATTERNS.some((pattern) => pattern.test(text))
}
