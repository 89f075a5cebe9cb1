import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sparticuz from '@sparticuz/chromium'
import { chromium, type Browser, type Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { CannedApi, EMPTY_KEY, KEY, READ_KEY } from './answers.ts'
import { LIVE_RUN_ID } from './fixtures/live-run.ts'
import { STOPPED_RUN_ID, stoppedRun } from './fixtures/stopped-run.ts'
import { servePages, type Pages } from './pages.ts'

const SCREENSHOTS = process.env.SCREENSHOT_DIR ?? tmpdir()
const DASHBOARD = join(import.meta.dirname, '../../dashboard')
/** Meant for a serverless function: the first ends the browser with its first context, the others weaken its security. */
const UNWANTED_ARGS = new Set([
  '--single-process',
  '--disable-web-security',
  '--allow-running-insecure-content',
])
const WIDE = { width: 1280, height: 900 }
const PHONE = { width: 375, height: 812 }

let built: string
let api: CannedApi
let pages: Pages
let browser: Browser
/** What a page said that it should not have: errors of scripts, and what the content security policy refused. */
let complaints: string[] = []

beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), 'sluice-dashboard-'))
  await build({ root: DASHBOARD, logLevel: 'error', build: { outDir: built, emptyOutDir: true } })
  api = new CannedApi()
  pages = await servePages(built, api)
  const args = [...sparticuz.args.filter((arg) => !UNWANTED_ARGS.has(arg)), '--no-sandbox', '--headless']
  browser = await chromium.launch({ executablePath: await sparticuz.executablePath(), args })
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await pages?.stop()
  await rm(built, { recursive: true, force: true })
})

afterEach(() => {
  if (complaints.length > 0) throw new Error(`the page complained: ${complaints.join('; ')}`)
})

describe('the dashboard', { timeout: 60_000 }, () => {
  test('takes the key from the address and lists the runs', async () => {
    const page = await open('/', KEY)
    await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor()
    expect(page.url()).toBe(`${pages.url}/`)
    const row = page.getByRole('row').filter({ hasText: STOPPED_RUN_ID })
    await row.getByText('failed', { exact: true }).waitFor()
    expect(await row.textContent()).toContain('promote: stopped by no-regression (failed)')
    await page.getByRole('link', { name: 'Older →' }).click()
    await page.getByText('run_b1f6t3m8x0zc').waitFor()
    expect(new URL(page.url()).searchParams.has('before')).toBe(true)
    await page.goBack()
    await shoot(page, 'runs')
  })

  test('shows why a run was stopped, with the numbers', async () => {
    const page = await open('/', KEY)
    await page.getByRole('link', { name: new RegExp(STOPPED_RUN_ID) }).click()
    await page.getByRole('heading', { level: 1, name: new RegExp(STOPPED_RUN_ID) }).waitFor()
    const { sentence } = stoppedRun.stages[5]!.gates[0]!
    expect(sentence).toContain('refund')
    const gate = page.getByRole('article', { name: 'Gate no-regression' })
    await gate.getByText(sentence).waitFor()
    const lines = gate.getByRole('row')
    expect(await lines.nth(1).textContent()).toMatch(/answer-exact.*all rows/)
    // Three metrics overall, then the worst cohort.
    expect(await lines.nth(4).textContent()).toMatch(/answer-exact.*refund.*worse/)
    await shoot(page, 'run-stopped')
    await gate.getByRole('button', { name: /All \d+ lines/ }).click()
    expect(new URL(page.url()).searchParams.get('all')).toBe('promote.no-regression')
    const threshold = page.getByRole('article', { name: 'Gate threshold' })
    await threshold.getByText('Evidence').click()
    await threshold.getByRole('row', { name: /answer-exact refund/ }).waitFor()
    await page.getByRole('article', { name: 'Gate freshness' }).getByText('Evidence').click()
    await page.getByRole('article', { name: 'Gate pii-residual' }).getByText('Evidence').click()
    await shoot(page, 'run-evidence')
    // What was opened is in the address: a reload shows the same.
    await page.reload()
    await threshold.getByRole('row', { name: /answer-exact refund/ }).waitFor()
  })

  test('shows the scores by cohort and metric beside production', async () => {
    const page = await open(`/runs/${STOPPED_RUN_ID}`, KEY)
    await page.getByRole('link', { name: 'Scores' }).click()
    const map = page.getByRole('region', { name: 'Heat map of the scores' })
    await map.waitFor()
    const worst = map.getByRole('row').nth(2)
    await expect.poll(() => worst.textContent()).toMatch(/^refund.*▼ −\d+\.\d worse.*n 124 · 0\.\d\d–0\.\d\d/)
    await shoot(page, 'run-scores')
    await page.getByRole('link', { name: 'to the numbers' }).click()
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(500)
  })

  test('lists the events and marks the ignored', async () => {
    const page = await open(`/runs/${STOPPED_RUN_ID}/events`, KEY)
    await page.getByText('ignored: attempt 1 was superseded by 2').waitFor()
    await shoot(page, 'run-events')
    await page.getByLabel('only the ignored ones').check()
    await expect.poll(() => page.getByRole('row').count()).toBe(2)
  })

  test('shows the progress of a live run', async () => {
    const page = await open(`/runs/${LIVE_RUN_ID}`, KEY)
    await page.getByText('Waits for the training endpoint.').waitFor()
    const progress = page.getByRole('progressbar', { name: 'epoch 5 of 12, loss 0.214' })
    expect(await progress.getAttribute('value')).toBe('0.42')
    await shoot(page, 'run-live')
  })

  test('rolls a route back once its name is typed and a reason given', async () => {
    const page = await open('/routes', READ_KEY)
    await page.getByText('groundedness of refund is 0.612').waitFor()
    await page.getByText('deploy', { exact: true }).first().waitFor()
    await shoot(page, 'routes')
    await page.getByRole('button', { name: 'Roll back…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Roll back support-agent' })
    const submit = dialog.getByRole('button', { name: 'Roll back' })
    expect(await submit.isDisabled()).toBe(true)
    await dialog.getByLabel('Type support-agent to confirm').fill('support-agent')
    await dialog.getByLabel('Reason, for the audit log').fill('refund answers are wrong')
    await submit.click()
    await dialog.getByRole('alert').getByText('this needs approve').waitFor()
    complaints = complaints.filter((text) => !text.includes('403'))
    await shoot(page, 'rollback-refused')

    const approver = await open('/routes?rollback=support-agent', KEY)
    const asked = approver.getByRole('dialog')
    await asked.getByLabel('Type support-agent to confirm').fill('support-agent')
    await asked.getByLabel('Reason, for the audit log').fill('refund answers are wrong')
    await asked.getByRole('button', { name: 'Roll back' }).click()
    await asked.getByRole('status').waitFor()
    expect(api.rollbacks).toEqual(['refund answers are wrong'])
    await asked.getByRole('button', { name: 'Close' }).click()
    await approver.getByText('nothing before it').waitFor()
    expect(await approver.getByRole('button', { name: 'Roll back…' }).isDisabled()).toBe(true)
  })

  test('shows the measures, and n/a where there is nothing to count', async () => {
    const page = await open('/measures', KEY)
    const reruns = page.getByRole('region', { name: 'Rerun reproducibility' })
    await reruns.getByText('n/a').waitFor()
    expect(await page.getByRole('region', { name: 'Gate pass rate' }).textContent()).toContain(
      '22 passed of 23 verdicts',
    )
    await shoot(page, 'measures')
  })

  test('says how to get a key, and why one was refused', async () => {
    const page = await open('/')
    await page.getByText('npm start', { exact: true }).waitFor()
    await shoot(page, 'sign-in')
    await page.getByLabel('API key').fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('The API key is not known, or was revoked').waitFor()
    complaints = complaints.filter((text) => !text.includes('401'))
    await page.getByLabel('API key').fill(EMPTY_KEY)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('npm run demo -- --keep').waitFor()
    expect(await page.getByRole('heading', { level: 2 }).textContent()).toBe('No run yet')
    await shoot(page, 'runs-empty')
  })

  test('is reached by keyboard, and its pages carry the security headers', async () => {
    const page = await open('/', KEY)
    await page.getByRole('link', { name: new RegExp(STOPPED_RUN_ID) }).waitFor()
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content')
    await page.getByRole('link', { name: new RegExp(STOPPED_RUN_ID) }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: new RegExp(STOPPED_RUN_ID) }).waitFor()
    const response = await fetch(`${pages.url}/runs/any`)
    expect(await response.text()).toContain('<title>Sluice</title>')
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self';")
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  })

  test.each(['/runs', `/runs/${STOPPED_RUN_ID}`, `/runs/${STOPPED_RUN_ID}/scores`, '/routes', '/measures'])(
    '%s fits a phone: nothing but marked regions scrolls sideways',
    async (path) => {
      const page = await open(path, KEY, { viewport: PHONE })
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.waitForLoadState('networkidle')
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width)
    },
  )
})

async function open(
  path: string,
  key?: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Page> {
  complaints = []
  const context = await browser.newContext({ viewport: WIDE, colorScheme: 'light', ...options })
  const page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await page.goto(`${pages.url}${path}${key === undefined ? '' : `#key=${key}`}`)
  return page
}

/** Pictures of the whole page: wide and on a phone, light and dark. */
async function shoot(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle')
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
