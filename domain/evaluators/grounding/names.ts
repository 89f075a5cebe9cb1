import { stemOf, type Token } from '../text/stems.ts'

/** Countries and the adjectives that stand for them where no common stem shows it. The first of a line may be two words. */
const NAMES = `united-states us usa america american
united-kingdom uk britain british
european-union eu
france french
ireland irish
spain spanish
netherlands dutch holland
denmark danish
wales welsh
switzerland swiss
england english
scotland scottish
greece greek
thailand thai
germany german
poland polish
sweden swedish
finland finnish
turkey turkish
china chinese
japan japanese
portugal portuguese
iraq iraqi
israel israeli
norway norwegian
belgium belgian
canada canadian
italy italian
philippines filipino philippine`

const GROUPS = new Map<string, readonly string[][]>()
for (const line of NAMES.split('\n')) {
  const group = line.split(' ').map((name) => name.split('-').map(stemOf))
  for (const name of group) GROUPS.set(name.join(' '), group)
}

/** Whether the sources have the name in another form: `French` for France, `US` for the United States. */
export function sameName(stems: string, has: (stem: string) => boolean): boolean {
  return (GROUPS.get(stems) ?? []).some((name) => name.every(has))
}

const MAX_ACRONYM = 6

/** Initials of runs of capitalised words, from two letters on, small words between them apart. */
export function acronymsOf(tokens: readonly Token[]): string[] {
  const found: string[] = []
  let initials = ''
  let end = 0
  for (const { text, start } of tokens) {
    if (start - end > 2) initials = ''
    end = start + text.length
    if (/^\p{Lu}/u.test(text)) {
      initials = (initials + text.charAt(0).toLowerCase()).slice(-MAX_ACRONYM)
      for (let length = 2; length <= initials.length; length++) found.push(initials.slice(-length))
    } else if (!/^(?:of|and|for|the|in|on|de)$/.test(text)) initials = ''
  }
  return found
}
