/** The API key lives as long as the browser tab: in sessionStorage, never in the address bar or a cookie. */
const STORED_AS = 'sluice.key'

export function storedKey(): string | null {
  return sessionStorage.getItem(STORED_AS)
}

export function storeKey(key: string): void {
  sessionStorage.setItem(STORED_AS, key.trim())
}

export function forgetKey(): void {
  sessionStorage.removeItem(STORED_AS)
}

/** Takes the key out of an address like `/#key=…`, which `npm start` prints, and cleans the address bar. */
export function takeKeyFromAddress(): void {
  const key = new URLSearchParams(location.hash.slice(1)).get('key')
  if (!key) return
  storeKey(key)
  history.replaceState(null, '', location.pathname + location.search)
}
