/** Insults that are not on lists of swear words, only where they are said to somebody, threats, and masked swear words. */
const HOSTILE = [
  /\byou(?:['’]re|r| are)? (?:all |both |really |truly |clearly |obviously |just |so |such |a |an |the |absolute(?:ly)? |complete(?:ly)? |total(?:ly)? |utter(?:ly)? |fucking |bloody |little |stupid |dumb ){0,4}(?:idiots?|morons?|imbeciles?|cretins?|dimwits?|losers?|scum|stupid|pathetic|worthless|disgusting|brain-?dead|subhumans?)\b/giu,
  /\b(?:stupid|dumb|pathetic|worthless|filthy|useless) (?:idiot|moron|fool|pig|cow|customer|human|person|woman|man|girl|boy)s?\b/giu,
  /\b(?:kill|hang|harm|hurt|cut) your ?sel(?:f|ves)\b(?! (?:some|a bit|a little|a break|off\b))/giu,
  /\b(?:go (?:and )?die|go to hell|you (?:all )?(?:should|deserve to) die|drop dead(?! gorgeous| date)|burn in hell|(?<!\b(?:will|to|was|is|it|they) )shut (?:the \w+ )?up|shut your (?:mouth|face))\b/giu,
  /\bi(?:['’]ll| will| am going to|['’]m going to|['’]m gonna) (?:kill|hurt|beat|rape|stab|shoot|destroy|strangle) (?:you|u|him|her|them)\b/giu,
  /(?<![\p{L}\p{N}])(?:f[*#@!.]{1,3}c?k|f\*{3}|sh?[*#@!]{1,2}t|b[*#@!]tch|[*#]{2}ck)(?:s|ed|er|ing)?(?![\p{L}\p{N}])/giu,
  /\b(?:i|we) (?:hate|despise) (?:you|all (?:women|men|jews|muslims|christians|blacks|gays|immigrants|foreigners))\b/giu,
] // prettier-ignore

/** Words that turn "hurt yourself" into care: "don't hurt yourself", "if you want to harm yourself, call…". */
const CARING =
  /\b(?:don['’]?t|do not|never|not|avoid|without|if you|thoughts? of|thinking (?:of|about)|want(?:ing)? to|feel like|urge to|risk|could|might|may|careful|or you(?:['’]ll| will)?) (?:\w+ ){0,3}$/i

/** Places of hostile phrases. */
export function hostilePhrases(text: string): { start: number; end: number }[] {
  return HOSTILE.flatMap((pattern, index) =>
    [...text.matchAll(pattern)]
      .filter(({ index: at }) => index !== 2 || !CARING.test(text.slice(Math.max(0, at - 60), at)))
      .map((match) => ({ start: match.index, end: match.index + match[0].length })),
  )
}
