import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { EMPTY_KEY, KEY, READ_KEY } from './answers.ts'
import { DashboardInBrowser, shoot } from './browser.ts'
import { LIVE_RUN_ID } from './fixtures/live-run.ts'

const dashboard = new DashboardInBrowser()
const { gates } = dashboard.api

beforeAll(() => dashboard.start(), 120_000)
afterAll(() => dashboard.stop())
afterEach(() => dashboard.endTest())

describe('the gates of a workflow', { timeout: 60_000 }, () => {
  test('show what eroded: who waived, removed or loosened what and when, and what has not run', async () => {
    const page = await dashboard.open('/', KEY)
    await page.getByRole('link', { name: 'Gates', exact: true }).click()
    expect(await page.getByLabel('Workflow').inputValue()).toBe('support-agent')
    const waivers = page.getByRole('region', { name: 'Waivers' })
    await waivers.getByText('Waived now: no-regression of promote.').waitFor()
    expect(await waivers.getByRole('listitem').first().textContent()).toMatch(
      /refund answers.*ada.*let 2 verdicts through/,
    )
    await waivers.getByText('2 waivers that ended').click()
    await waivers.getByText('the exporter is being moved').waitFor()
    const weakened = page.getByRole('region', { name: 'Removed and loosened' })
    const removed = weakened.getByRole('listitem').filter({ hasText: 'freshness of clean' })
    expect(await removed.textContent()).toMatch(/removed.*still stands.*key_ben/)
    const minRows = weakened.getByRole('listitem').filter({ hasText: 'minRows' })
    expect(await minRows.textContent()).toMatch(/loosened.*put back since.*from 50 to 10.*ben/)
    await page
      .getByRole('region', { name: 'Not run lately' })
      .getByText(/single-change of deploy has not run/)
      .waitFor()
    const weeks = page.getByRole('region', { name: 'Waiver rate, week by week' }).getByRole('listitem')
    expect(await weeks.count()).toBe(8)
    expect(await weeks.nth(0).textContent()).toContain('n/a')
    expect(await weeks.nth(7).textContent()).toContain('22.6%7 of 31')
    await shoot(page, 'gates')
  })

  test('show what drifted, and by how much', async () => {
    const page = await dashboard.open('/gates/support-agent', KEY)
    const stages = page.getByRole('region', { name: 'Stages' })
    const clean = stages.getByRole('listitem').filter({ hasText: 'clean' }).first()
    await clean.getByText('43.4 days old, limit 30 days').waitFor()
    expect(await clean.textContent()).toMatch(
      /out of date.*13\.4 days over.*3 versions behind.*since 21 days/,
    )
    await clean.getByRole('link', { name: LIVE_RUN_ID }).waitFor()
    await page
      .getByRole('region', { name: 'Production' })
      .getByText(/there are 3 newer versions since 21 days/)
      .waitFor()
    await page
      .getByRole('region', { name: 'The newest run' })
      .getByText(/pinned inputs\.rows/)
      .waitFor()
  })

  test('let a waiver be revoked, by whom may', async () => {
    const reader = await dashboard.open('/gates/support-agent?revoke=wvr_01', READ_KEY)
    const refused = reader.getByRole('dialog', { name: 'Revoke the waiver of no-regression' })
    await refused.getByLabel('Reason, for the audit log').fill('the rows are there')
    await refused.getByRole('button', { name: 'Revoke' }).click()
    await refused.getByRole('alert').getByText('this needs approve').waitFor()
    dashboard.expectComplaint('403')
    expect(gates.revoked.size).toBe(0)

    const page = await dashboard.open('/gates/support-agent', KEY)
    await page.getByRole('button', { name: 'Revoke the waiver of no-regression of promote' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Reason, for the audit log').fill('the rows are there')
    await shoot(page, 'gates-revoke')
    await dialog.getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('No gate is waived now.').waitFor()
    expect([...gates.revoked]).toEqual(['wvr_01'])
    gates.revoked.clear()
  })

  test('have nothing to say before a workflow has run', async () => {
    const page = await dashboard.open('/gates', EMPTY_KEY)
    await page.getByText('No workflow has run yet').waitFor()
    expect(await page.getByLabel('Workflow').count()).toBe(0)
  })
})
