/** Whether it can still change. */
export function isUnderWay({ status }: { status: string }): boolean {
  return status === 'running' || status === 'paused'
}
