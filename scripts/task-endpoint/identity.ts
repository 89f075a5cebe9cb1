/** What this process is, in its own words: shown when it starts and in `/health`. */
export const NAME =
  'Sluice reference task endpoint: does made-up tasks in one process, to try `task` stages and to test them'
