/**
 * A text as a reader sees it: full-width and styled characters plain (NFKC), invisible ones gone, every dash and space
 * of one kind. The redactor works on the text as it is; what hides behind such characters is for this detector to find.
 */
export function fold(text: string): string {
  // Plain ASCII, most of all texts, is its own folded form.
  if (/^[\x20-\x7e\n\r\t]*$/.test(text)) return text
  return text
    .normalize('NFKC')
    .replace(/[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g, '')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g, ' ')
}
