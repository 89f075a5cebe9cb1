import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sparticuz from '@sparticuz/chromium'
import { chromium, type Browser, type Page } from 'playwright-core'
import { build } from 'vite'
import { CannedApi } from './answers.ts'
import { servePages, type Pages } from './pages.ts'

/** Pictures are taken when somebody wants to look at them. */
const SCREENSHOTS = process.env.SCREENSHOT_DIR
const DASHBOARD = join(import.meta.dirname, '../../dashboard')
/** Meant for a serverless function: the first ends the browser with its first context, the others weaken its security. */
const UNWANTED_ARGS = new Set([
  '--single-process',
  '--disable-web-security',
  '--allow-running-insecure-content',
])
export const WIDE = { width: 1280, height: 900 }
export const PHONE = { width: 375, height: 812 }
/** A page that follows a run never falls silent. */
const SETTLED_MS = 1_500

/** A built dashboard behind a canned API, in a browser. */
export class DashboardInBrowser {
  readonly api = new CannedApi()
  /** What a page said that it should not have: errors of scripts, and what the content security policy refused. */
  complaints: string[] = []
  #built!: string
  #pages!: Pages
  #browser!: Browser

  async start(): Promise<void> {
    this.#built = await mkdtemp(join(tmpdir(), 'sluice-dashboard-'))
    await build({ root: DASHBOARD, logLevel: 'error', build: { outDir: this.#built, emptyOutDir: true } })
    this.#pages = await servePages(this.#built, this.api)
    const args = [...sparticuz.args.filter((arg) => !UNWANTED_ARGS.has(arg)), '--no-sandbox', '--headless']
    this.#browser = await chromium.launch({ executablePath: await sparticuz.executablePath(), args })
  }

  async stop(): Promise<void> {
    await this.#browser?.close()
    await this.#pages?.stop()
    await rm(this.#built, { recursive: true, force: true })
  }

  get url(): string {
    return this.#pages.url
  }

  async open(path: string, key?: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const context = await this.#browser.newContext({ viewport: WIDE, colorScheme: 'light', ...options })
    const page = await context.newPage()
    page.on('pageerror', (error) => this.complaints.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text())
    })
    await page.goto(`${this.url}${path}${key === undefined ? '' : `#key=${key}`}`)
    return page
  }

  /** Forgets complaints that the test has provoked: those that name this. */
  expectComplaint(text: string): void {
    this.complaints = this.complaints.filter((complaint) => !complaint.includes(text))
  }

  /** To be called after each test: closes its pages, and throws what they complained of. */
  async endTest(): Promise<void> {
    for (const context of this.#browser.contexts()) await context.close()
    const complaints = this.complaints.splice(0)
    if (complaints.length > 0) throw new Error(`the page complained: ${complaints.join('; ')}`)
  }
}

/** Waits until a page has what it shows first. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle', { timeout: SETTLED_MS }).catch(() => {})
}

/** Pictures of the whole page: wide and on a phone, light and dark. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (SCREENSHOTS === undefined) return
  await settled(page)
  for (const [size, viewport] of [
    ['wide', WIDE],
    ['phone', PHONE],
  ] as const) {
    await page.setViewportSize(viewport)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: join(SCREENSHOTS, `${name}-${size}-${colorScheme}.png`), fullPage: true })
    }
  }
  await page.setViewportSize(WIDE)
  await page.emulateMedia({ colorScheme: 'light' })
}
