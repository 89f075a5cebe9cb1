/** What of a schema can't be used, or not within its bounds. `validateJson` turns it into a value. */
export class UnusableSchema extends Error {}
