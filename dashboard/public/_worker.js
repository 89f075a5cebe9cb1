/**
 * The dashboard's Pages Worker (advanced mode): API and gateway requests go to the Worker `sluice` over a service
 * binding, so that the browser speaks to one origin; everything else is a static file.
 */

const API_PATH = /^\/(?:api\/|v1\/|health$)/

/** Scripts and styles come from files only, so that text from a dataset or a trace can never run. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url)
    return API_PATH.test(pathname) ? env.API.fetch(request) : staticFile(request, env.ASSETS)
  },
}

/** Every path without a file name in it is a screen, and index.html draws it. */
async function staticFile(request, assets) {
  const url = new URL(request.url)
  const isScreen = !url.pathname.split('/').at(-1).includes('.')
  if (isScreen) url.pathname = '/'
  const file = await assets.fetch(new Request(url, request))
  const headers = new Headers(file.headers)
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) headers.set(name, value)
  // vite names what is under /assets/ by its content.
  const lasts = file.ok && url.pathname.startsWith('/assets/')
  headers.set('cache-control', lasts ? 'public, max-age=31536000, immutable' : 'no-cache')
  return new Response(file.body, { status: file.status, headers })
}
