import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { KEY, READ_KEY } from './answers.ts'
import { DashboardInBrowser, PHONE, settled, shoot } from './browser.ts'
import { versionWith } from './fixtures/routes.ts'

const dashboard = new DashboardInBrowser()
const { api } = dashboard

beforeAll(() => dashboard.start(), 120_000)
afterAll(() => dashboard.stop())
afterEach(() => dashboard.endTest())

describe('routes', { timeout: 60_000 }, () => {
  test('show who answers, and the gates that let each of them in', async () => {
    const page = await dashboard.open('/routes', READ_KEY)
    const rows = page.getByRole('region', { name: 'Targets of support-agent' }).getByRole('row')
    await rows.filter({ hasText: 'canary 5%' }).waitFor()
    const texts = (await rows.allTextContents()).slice(1)
    expect(texts).toEqual([
      expect.stringMatching(/^ ?live 95%model:support-agent@.*threshold +passed.*no-regression +passed$/),
      expect.stringMatching(
        /^ ?canary 5%model:support-agent@.*no-regression +waived.*rollback-ready +passed$/,
      ),
      expect.stringMatching(/^fallbackmodel:hosted@.*no gate$/),
    ])
    await page.getByText('600 requests a minute and key, $50 a day').waitFor()
    await page.getByText('a request that fails pii is redacted').waitFor()
    await shoot(page, 'routes-canary')
    const run = rows.getByRole('link', { name: 'run_b1f6t3m8x0zc' })
    expect(await run.getAttribute('href')).toBe('/runs/run_b1f6t3m8x0zc')
  })

  test('step a canary, and tell of it in the history', async () => {
    const page = await dashboard.open('/routes', KEY)
    await page.getByRole('button', { name: 'Step the canary…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Step the canary of support-agent' })
    expect(await dialog.getByRole('button', { name: 'Step', exact: true }).isDisabled()).toBe(true)
    await dialog.getByLabel('New share, in percent').fill('100')
    await dialog.getByLabel('Reason, for the audit log').fill('no complaints')
    expect(await dialog.getByRole('button', { name: 'Step', exact: true }).isDisabled()).toBe(true)
    await dialog.getByRole('button', { name: '20%' }).click()
    await shoot(page, 'canary-dialog')
    await dialog.getByRole('button', { name: 'Raise to 20%' }).click()
    await dialog.getByRole('status').getByText('The canary has 20% now').waitFor()
    expect(api.steps).toEqual([
      { share: 0.2, reason: 'no complaints', expect: expect.stringMatching(/^route:support-agent@/) },
    ])
    await dialog.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('row').filter({ hasText: 'canary 20%' }).waitFor()
    const history = page.getByRole('region', { name: 'History of support-agent' })
    await history.getByRole('row').filter({ hasText: 'canary step' }).getByText('no complaints').waitFor()
  })

  test('refuse a step of a canary that has moved since it was looked at', async () => {
    const page = await dashboard.open('/routes?canary=support-agent', KEY)
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('New share, in percent').fill('0')
    await dialog.getByLabel('Reason, for the audit log').fill('too many errors')
    api.steps.push({ share: 0.3, reason: 'somebody else', expect: versionWith(0.2) })
    await dialog.getByRole('button', { name: 'Take the canary away' }).click()
    await dialog.getByRole('alert').getByText('look again').waitFor()
    expect(api.steps.at(-1)!.reason).toBe('somebody else')
    dashboard.expectComplaint('409')
  })

  test('fit a phone with the dialog open', async () => {
    const page = await dashboard.open('/routes?canary=support-agent', KEY, { viewport: PHONE })
    await page.getByRole('dialog').waitFor()
    await settled(page)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width)
  })
})
