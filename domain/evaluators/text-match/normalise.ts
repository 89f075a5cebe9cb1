import * as z from 'zod'

/** What two texts may differ in and still count as the same. */
export const Normalisation = {
  ignoreCase: z.boolean().default(false),
  /** Drops punctuation marks; symbols such as € and + stay. */
  ignorePunctuation: z.boolean().default(false),
  /** Drops white space at both ends. */
  trim: z.boolean().default(true),
  /** Reads every run of white space as one space. */
  collapseWhitespace: z.boolean().default(false),
}

export interface NormalisationParams {
  ignoreCase: boolean
  ignorePunctuation: boolean
  trim: boolean
  collapseWhitespace: boolean
}

/** A text in the form in which it is compared. Composed and decomposed letters are the same always (Unicode NFC). */
export function normalise(text: string, params: NormalisationParams): string {
  let form = text.normalize('NFC')
  if (params.ignoreCase) form = form.toLowerCase()
  if (params.ignorePunctuation) form = form.replace(/\p{P}+/gu, '')
  if (params.collapseWhitespace) form = form.replace(/\s+/g, ' ')
  return params.trim ? form.trim() : form
}

/**
 * The form in which SQuAD compares answers: lower case, without ASCII punctuation, without the articles `a`, `an` and
 * `the`, white space collapsed (P. Rajpurkar et al. 2016, `normalize_answer` of the official evaluation script v2.0).
 */
export function normaliseSquad(text: string): string {
  return text
    .toLowerCase()
    .replace(/[!-/:-@[-`{-~]/g, '')
    .replace(/(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu, ' ')
    .trim()
    .replace(/\s+/g, ' ')
}
