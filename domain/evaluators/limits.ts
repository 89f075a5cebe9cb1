/**
 * How much text the rule evaluators read. Their cost is linear in these, so that one huge row cannot hold up a batch;
 * what lies past a limit is not judged, and the evidence says `truncated: true`.
 */
export const MAX_ANSWER_CHARS = 20_000
/** All context items and messages together. */
export const MAX_SOURCE_CHARS = 200_000
/** Context items, or messages: each costs some microseconds, however short. */
export const MAX_SOURCE_ITEMS = 20_000
/** A response longer than this is not parsed as JSON. Above MAX_ROW_BYTES, so that any row may be judged. */
export const MAX_JSON_CHARS = 2_000_000
/** Deepest nesting of a response or schema: far above any real document, far below the stack's end. */
export const MAX_JSON_DEPTH = 100
/** Sentences of an answer that get evidence of their own. */
export const MAX_SENTENCES = 100
/** Checks of one validation, some 100 ns each: several for every value of a 1 MB document. */
export const MAX_SCHEMA_STEPS = 4_000_000
/** Schemas applied within schemas, where each reference and each property is a level. */
export const MAX_SCHEMA_LEVELS = 1000
/** Values of a schema document. */
export const MAX_SCHEMA_VALUES = 500_000
/** Longest text that `format` is decided for. */
export const MAX_FORMAT_CHARS = 5_000
