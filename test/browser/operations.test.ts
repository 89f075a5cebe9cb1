import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { EMPTY_KEY, KEY } from './answers.ts'
import { DashboardInBrowser, shoot } from './browser.ts'
import { ENGINE_RUN_ID } from './fixtures/engine-run.ts'

const dashboard = new DashboardInBrowser()

beforeAll(() => dashboard.start(), 120_000)
afterAll(() => dashboard.stop())
afterEach(() => dashboard.endTest())

describe('operations', { timeout: 60_000 }, () => {
  test('show dead letters, and replay one', async () => {
    const page = await dashboard.open('/', KEY)
    await page.getByRole('link', { name: 'Operations' }).click()
    const letter = page.getByRole('article', { name: 'Dead letter dl_9f1c' })
    await letter.getByRole('link', { name: ENGINE_RUN_ID }).waitFor()
    expect(await letter.textContent()).toContain('execute of label')
    await letter.getByText('Message', { exact: true }).click()
    await letter.getByText('effect id').waitFor()
    await letter.getByRole('button', { name: 'Replay dl_9f1c' }).click()
    await letter.getByText(/replayed/).waitFor()
    expect([...dashboard.api.replayed]).toEqual(['dl_9f1c'])
    // What no queue carries cannot be replayed, and says so.
    const foreign = page.getByRole('article', { name: 'Dead letter dl_27ab' })
    await foreign.getByRole('button', { name: 'Replay dl_27ab' }).click()
    await foreign.getByRole('alert').getByText('No queue takes a message like that').waitFor()
    dashboard.expectComplaint('422')
    await page.getByLabel(/^Target/).fill('route:support-agent')
    await page.keyboard.press('Enter')
    await page.getByText('place 1', { exact: true }).waitFor()
    expect(new URL(page.url()).searchParams.get('lock')).toBe('route:support-agent')
    await shoot(page, 'operations')
  })

  test('say that nothing is dead', async () => {
    const page = await dashboard.open('/operations', EMPTY_KEY)
    await page.getByText('None: every message was taken.').waitFor()
    expect(await page.getByRole('article').count()).toBe(0)
  })
})
