/**
 * English function words and the small talk of support chats: they carry no claim. Other languages have no list here;
 * their function words then count as content, which lowers contrast but not order.
 */
const WORDS = `a about above after again against all also am an and any are as at be because been before being below between
both but by can could did do does doing don down during each either else ever few for from further get gets getting got had has
have having he hello her here hers herself hi him himself his how i if in into is it its itself just let ll may me might more
most must my myself neither nor of off ok okay on once only or other our ours ourselves out over own please re s same she should
so some such t than thank thanks that the their theirs them themselves then there these they this those through to too under
until up upon us ve very was we welcome were what when where which while who whom why will with within would yes yet you your
yours yourself yourselves d m`

export const STOP_WORDS: ReadonlySet<string> = new Set(WORDS.split(/\s+/))
