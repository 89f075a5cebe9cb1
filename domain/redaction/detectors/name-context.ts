/** Words of people beside a name. Each list is asked about a candidate's neighbours only, never about the text. */

const KIN =
  'kid|child|son|daughter|wife|husband|spouse|brother|sister|mother|father|mum|mom|dad|uncle|aunt|cousin|nephew|niece|boss|friend|partner|girlfriend|boyfriend|fianc[eé]e?|colleague|coworker|roommate|neighbou?r|grand(?:son|daughter|mother|father|ma|pa)|landlord|twin|baby'
const ROLE =
  'actor|actress|singer|songwriter|author|writer|poet|novelist|painter|director|producer|guitarist|drummer|president|senator|minister|professor|coach|captain|judge|lawyer|representative|technician|nurse|doctor|driver|therapist|dentist|advisor|supervisor|founder|journalist|composer|detective|officer'
const SAYING =
  'says|said|asks|asked|tells|told|replied|replies|shouted|shouts|explained|explains|whispered|laughed|smiled|nodded|sighed|cried|answered|wrote|thinks|thought|believes|felt|feels'
const LIVING = 'was born|died|married|lives|lived|grew up|passed away|works|worked|studied|retired|moved'

const end = (source: string) => new RegExp(`(?<![\\p{L}\\p{N}])(?:${source}) $`, 'iu')

/** Only a person stands behind these. */
const BEFORE_PERSON = end(
  `(?:name|nam|call)(?:ed|ing|s|e)? (?:him|her)|(?:my|his|her|our|their|your|whose|'s) (?:[a-z]+ )?(?:${KIN})(?:,| is| named| called|'s name is?|[’']s name)?|(?:was|were) (?:called|named)|(?:${ROLE})|(?:directed|written|composed|sung|painted|signed|founded|produced|approved|owned|completed|witnessed) by|starring|yours,?|dear|i am|i[’']?m`,
)
/** A person, as a rule, when the words themselves look like a name. */
const BEFORE_NAME = end(
  `${SAYING}|by|named|called|ask|asking|tell|thank|meet|contact|add(?:ed)?|remove|under|featuring|(?:spoke|speak|speaking|talk|talked|talking|chat|met|meet|meeting|follow up|check|dealing|working) (?:to|with)|married to|attn:?|c/o|is|was`,
)
const AFTER_PERSON = new RegExp(
  `^(?:: ?["“]| (?:from|in|at) (?:(?:your|our|the|my) )?(?:\\p{L}+ )?(?:team|department|support|desk|branch|sales|hr)(?![\\p{L}])|, (?:can|could|would|will|did|are|do) (?:i|you|we)(?![\\p{L}])|,? (?:replied|replies|shouted|shouts|whispered|laughed|smiled|nodded|sighed|cried|was born|died|married|grew up|passed away|lives|lived) |[’']s (?:${KIN}|birthday|funeral|voice|parents?|family|kids|children|maiden|handwriting|passport|signature|birth)(?![\\p{L}]))`,
  'iu',
)
const AFTER_NAME = new RegExp(
  `^(?:,? (?:${SAYING}|${LIVING})(?![\\p{L}])|[’']s (?:account|address|house|number|phone|email|e-mail|card|order|name|room|desk|office|car|job)(?![\\p{L}])|, (?:please|i)(?![\\p{L}]))`,
  'iu',
)

/** `…," says Gerste` */
const QUOTED = new RegExp(`[,.!?]["”’']+ (?:${SAYING}) $`, 'iu')

const REACH = 45

export type Cue = 'person' | 'name' | undefined

/** How much the words around `[start, end)` speak for a person: surely, as a rule, or not at all. */
export function cueAround(text: string, start: number, end: number): Cue {
  const before = text.slice(Math.max(0, start - REACH), start)
  const after = text.slice(end, end + REACH)
  if (BEFORE_PERSON.test(before) || QUOTED.test(before) || AFTER_PERSON.test(after)) return 'person'
  return BEFORE_NAME.test(before) || AFTER_NAME.test(after) ? 'name' : undefined
}

/** "in Sydney", "350 Kelvin": what stands behind these is a place or a thing, however it is called. */
export function isPlaced(text: string, start: number): boolean {
  return /(?:(?<!\p{L})(?:in|at|near|around|visit|visiting|downtown|san|santa)|\d) $/iu.test(
    text.slice(Math.max(0, start - 10), start),
  )
}

/** "He", "her": soon after a name, they speak of a person. */
export function hasPronoun(text: string, end: number): boolean {
  return /(?<!\p{L})(?:he|she|him|her|his|hers|himself|herself)(?!\p{L})/iu.test(text.slice(end, end + 80))
}

/** "Juan's Place": a house or a work. */
export function ownsTitle(text: string, end: number): boolean {
  return /^['’]s \p{Lu}/u.test(text.slice(end, end + 4))
}

/** "the Marriott", "an Alexa": what has an article is a thing. */
export function hasArticle(text: string, start: number): boolean {
  return /(?<!\p{L})(?:the|a|an|this|that|any|some|each|every|which) $/iu.test(
    text.slice(Math.max(0, start - 8), start),
  )
}
