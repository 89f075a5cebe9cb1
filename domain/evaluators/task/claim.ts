/** What agents say that they did, when they changed something. Finding, checking and reading are not among them. */
const DONE =
  'activated added approved arranged assigned authorised authorized booked bought cancelled canceled changed charged closed completed confirmed created deactivated deleted disabled enabled exchanged finalised finalized fixed initiated issued made modified moved ordered paid placed posted processed purchased reactivated refunded registered removed rented replaced rescheduled reserved reset returned scheduled sent set shared shipped started stopped submitted switched transferred updated upgraded'
    .split(' ')
    .join('|')

const PASSIVE = `\\b(?:has|have|was|were|is|are|been)(?: (?:now|just|all|also|already|successfully|been)){0,3} (?:${DONE})\\b`
const ACTIVE = `\\b(?:i|we)(?:['’]ve| have)?(?: (?:now|just|also|already|successfully)){0,2} (?:${DONE})\\b`
const SUCCESS = `\\b(?:successfully|(?:is|was) (?:a success|successful|complete|done))\\b`

const CLAIM = new RegExp(`${PASSIVE}|${ACTIVE}|${SUCCESS}`, 'i')

/** Whether a reply says that something was changed just now: "your seat has been booked", "I've cancelled it". */
export function claimsChange(reply: string): boolean {
  return CLAIM.test(reply)
}
