import { stemOf } from '../text/stems.ts'

/**
 * English words that exclude each other when they are said of the same thing, a pair of sides a line: what stands left
 * of the stroke contradicts what stands right of it. Words with a second common meaning ("left", "minor") are not here.
 */
const TERMS = `won win wins winning victory / lost lose loses losing loss defeat defeated
increase increases rise rose rises risen grew grow growth climbed gain / decrease decreases fall fell falls fallen drop dropped shrank shrink decline
higher high highest / lower low lowest
larger large largest bigger big biggest / smaller small smallest
older old oldest / younger young youngest
longer long longest / shorter short shortest
stronger strong strongest / weaker weak weakest
earlier early earliest / later late latest
faster fast fastest / slower slow slowest
better best / worse worst
cheaper cheap cheapest / expensive
north northern / south southern
east eastern / west western
male man men boy / female woman women girl
father dad / mother mum mom
brother / sister
son / daughter
husband / wife
king / queen
uncle / aunt
open opens opened / closed closes shut
start starts begin began begun / end ends finish stop stopped
accept approve agree allow permit / reject refuse deny decline ban forbid forbidden prohibit
guilty convicted / innocent acquitted
support favour favor / oppose
buy bought purchase / sell sold
borrow / lend lent
arrive arrival / depart departure leave leaves
alive survive / dead died killed
success successful succeed / failure unsuccessful fail
positive / negative
public / private
legal lawful / illegal unlawful
hot warm / cold
inside indoors / outside outdoors
maximum / minimum
majority / minority
import / export
include / exclude
present / absent
possible / impossible
likely / unlikely
able / unable
valid / invalid expired
available / unavailable
active enabled enable / inactive disabled disable
mandatory required compulsory / optional voluntary
temporary / permanent
domestic / foreign international
employer / employee
teacher / student pupil
buyer / seller
credit / debit
love / hate
safe / dangerous unsafe
married / divorced
hired / fired`

/** The same for words that qualify the term behind them: "before delivery" against "after delivery". */
const QUALIFIERS = `before / after
first / last final
more / less fewer
most / least few fewest some
all every each / some few most several none no
many / few
always / never rarely seldom sometimes
often usually / rarely seldom never
up / down
over above / under below
both / neither
may might could / will must did
until / after since`

export interface Opposites {
  /** Words that contradict a word. */
  against: ReadonlyMap<string, ReadonlySet<string>>
  /** Words that stand on a word's own side, itself among them. */
  beside: ReadonlyMap<string, ReadonlySet<string>>
}

function table(lines: string, keyOf: (word: string) => string): Opposites {
  const against = new Map<string, Set<string>>()
  const beside = new Map<string, Set<string>>()
  const join = (map: Map<string, Set<string>>, words: readonly string[], others: readonly string[]) => {
    for (const word of words) map.set(word, new Set([...(map.get(word) ?? []), ...others]))
  }
  for (const line of lines.split('\n')) {
    const [left = [], right = []] = line.split(' / ').map((side) => side.split(' ').map(keyOf))
    join(against, left, right)
    join(against, right, left)
    join(beside, left, left)
    join(beside, right, right)
  }
  return { against, beside }
}

/** By stem. */
export const OPPOSITE_TERMS = table(TERMS, stemOf)
/** By lower-case word: most of them are function words. */
export const OPPOSITE_QUALIFIERS = table(QUALIFIERS, (word) => word)

const NEGATORS = new Set(
  'not no never without neither nor cannot none nobody nothing hardly barely unable fails failed fail refused refuses refuse denied denies deny declined lacks lack lacked false zero'.split(
    ' ',
  ),
)

/** Whether a lower-case word negates what follows: `not`, `never`, `can't`, `failed`; `false` negates a record's field. */
export function isNegator(word: string): boolean {
  return NEGATORS.has(word) || /n['’]t$/.test(word)
}

/** Words that take a negation back: "not until Friday" means on Friday, "not only" means also. */
export const UNNEGATING: ReadonlySet<string> = new Set(
  'until till only just merely necessarily stop stopped ceased'.split(' '),
)
