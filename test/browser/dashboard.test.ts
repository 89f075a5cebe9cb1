import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { EMPTY_KEY, KEY, READ_KEY } from './answers.ts'
import { DashboardInBrowser, PHONE, settled, shoot } from './browser.ts'
import { ENGINE_RUN_ID } from './fixtures/engine-run.ts'
import { LIVE_RUN_ID } from './fixtures/live-run.ts'
import { STOPPED_RUN_ID, stoppedRun } from './fixtures/stopped-run.ts'

const dashboard = new DashboardInBrowser()
const { api } = dashboard
const open: DashboardInBrowser['open'] = (...args) => dashboard.open(...args)

beforeAll(() => dashboard.start(), 120_000)
afterAll(() => dashboard.stop())
afterEach(() => dashboard.endTest())

describe('the dashboard', { timeout: 60_000 }, () => {
  test('takes the key from the address and lists the runs', async () => {
    const page = await open('/', KEY)
    await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor()
    expect(page.url()).toBe(`${dashboard.url}/`)
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
    dashboard.expectComplaint('403')
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
    dashboard.expectComplaint('401')
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
    const response = await fetch(`${dashboard.url}/runs/any`)
    expect(await response.text()).toContain('<title>Sluice</title>')
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self';")
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  })

  test.each([
    '/runs',
    `/runs/${STOPPED_RUN_ID}`,
    `/runs/${STOPPED_RUN_ID}/scores`,
    `/runs/${ENGINE_RUN_ID}`,
    `/runs/${ENGINE_RUN_ID}/logs`,
    '/inbox',
    '/gates',
    '/routes',
    '/measures',
    '/operations?lock=route:support-agent',
  ])('%s fits a phone: nothing but marked regions scrolls sideways', async (path) => {
    const page = await open(path, KEY, { viewport: PHONE })
    await page.getByRole('heading', { level: 1 }).waitFor()
    await settled(page)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width)
  })
})
