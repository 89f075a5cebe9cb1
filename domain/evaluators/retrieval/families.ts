import { stemOf } from '../text/stems.ts'

/**
 * What the Porter stemmer keeps apart: irregular forms, and pairs of words of which one asks and the other answers
 * ("where does she live": "she resides in"). Plain English, one family a line.
 */
const FAMILIES = `
die died dies dying death dead deceased
bear born birth birthplace
win won winner victory
write wrote written author
sing sang sung
marry wife husband spouse marriage
begin began begun start
find found discover discovery
found founder establish
build built construct
make made
pay paid payment
send sent
buy bought purchase
sell sold sale
choose chose chosen choice
know knew known
grow grew grown growth
speak spoke spoken language
teach taught teacher
fly flew flown flight
live inhabit reside resident residence
invent create develop design
own owner possess
kill murder assassinate
lead led leader
lose lost loss
lie lies lying lay
come came
go went gone
give gave given
take took taken
eat ate eaten food
drive drove driven
fall fell fallen
fight fought
draw drew drawn
hold held
keep kept
leave left departure
arrive arrival
meet met
run ran
say said
see saw seen
sit sat
stand stood
steal stole stolen theft
swim swam swum
think thought
wear wore worn
break broke broken
bring brought
catch caught
hear heard
read reading
tell told
understand understood
cancel cancellation terminate
refund reimburse
deliver ship delivery shipment
receive receipt
cost price fee charge
big large size
long length
high height tall
wide width
deep depth
strong strength
hot heat
heavy weight
old age
use usage
mean meaning definition
locate location situated
company business firm corporation
movie film
job occupation profession
car vehicle automobile
doctor physician
child children kid
person people
man men
woman women
foot feet
tooth teeth
wolf wolves
`

const FAMILIES_OF = new Map<string, Set<number>>()
FAMILIES.trim()
  .split('\n')
  .forEach((line, family) => {
    for (const word of line.split(' ')) {
      const stem = stemOf(word)
      const known = FAMILIES_OF.get(stem)
      if (known) known.add(family)
      else FAMILIES_OF.set(stem, new Set([family]))
    }
  })

/** What a stem may add to another of the same root: `invent-or`, `korea-n`, `discover-i`, `produc-t`. */
const SUFFIXES = new Set(
  'e i y a t n r s o al an ar ate ant ent ance ence ation ion tion or er eri ed en ese ess ful hood ial ian ic ical ing ish ism ist iti ity ive ment ness ous ship th abl ibl'.split(
    ' ',
  ),
)
/** Shorter stems are the beginning of another by chance: `part` of `parti`. */
const MIN_ROOT = 5

/** Wanted stems with a common start that a stem is compared with: no plain text has more, and each costs time. */
const MAX_NEIGHBOURS = 50

/** How much a word of the same root, or of the same family of words, counts beside the word itself. */
const ROOT_WEIGHT = 0.8
const FAMILY_WEIGHT = 0.7

/** How far one stem stands for another: 1 the same, 0.8 of one root, 0.7 of one family, else 0. */
export function affinity(a: string, b: string): number {
  if (a === b) return 1
  if (sameRoot(a, b)) return ROOT_WEIGHT
  const families = FAMILIES_OF.get(a)
  const others = FAMILIES_OF.get(b)
  return families && others && [...families].some((family) => others.has(family)) ? FAMILY_WEIGHT : 0
}

function sameRoot(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  if (short.length < MIN_ROOT) return false
  const root = long.startsWith(short) ? short : short.replace(/[aeiy]$/, '')
  return long.startsWith(root) && SUFFIXES.has(long.slice(root.length))
}

/** Which of the wanted stems another stem stands for, and how far. */
export type StandIns = ReadonlyMap<string, readonly { wanted: number; affinity: number }[]>

/** For each stem of a vocabulary the wanted stems it stands for. Only stems with a common start or family are compared. */
export function standIns(wanted: readonly string[], vocabulary: Iterable<string>): StandIns {
  const places = new Map(wanted.map((stem, at) => [stem, at]))
  const byKey = new Map<string | number, number[]>()
  wanted.forEach((stem, at) => {
    for (const key of keysOf(stem)) {
      const list = byKey.get(key)
      if (!list) byKey.set(key, [at])
      else if (list.length < MAX_NEIGHBOURS) list.push(at)
    }
  })
  const found = new Map<string, { wanted: number; affinity: number }[]>()
  for (const stem of new Set(vocabulary)) {
    const candidates = new Set(keysOf(stem).flatMap((key) => byKey.get(key) ?? []))
    const same = places.get(stem)
    if (same !== undefined) candidates.add(same)
    const matches = [...candidates]
      .map((at) => ({ wanted: at, affinity: affinity(wanted[at] ?? '', stem) }))
      .filter((match) => match.affinity > 0)
    if (matches.length > 0) found.set(stem, matches)
  }
  return found
}

/** Stems that stand for each other share one of these. A root may lose its last letter: `MIN_ROOT − 1` are common. */
function keysOf(stem: string): (string | number)[] {
  return [stem.length < MIN_ROOT ? stem : stem.slice(0, MIN_ROOT - 1), ...(FAMILIES_OF.get(stem) ?? [])]
}
