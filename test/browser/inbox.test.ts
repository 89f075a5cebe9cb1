import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { EMPTY_KEY, KEY } from './answers.ts'
import { DashboardInBrowser, shoot } from './browser.ts'
import { openApprovals } from './fixtures/approvals.ts'
import { ENGINE_RUN_ID } from './fixtures/engine-run.ts'
import { RERUN_ID, rerun } from './fixtures/rerun.ts'

const dashboard = new DashboardInBrowser()
const { gates } = dashboard.api

beforeAll(() => dashboard.start(), 120_000)
afterAll(() => dashboard.stop())
afterEach(() => dashboard.endTest())

describe('the inbox', { timeout: 60_000 }, () => {
  test('says in the navigation how much waits, and shows what there is to decide from', async () => {
    const page = await dashboard.open('/', KEY)
    await page.getByRole('link', { name: 'Inbox 2 decisions wait for you' }).click()
    await page.getByRole('heading', { level: 1, name: 'Inbox' }).waitFor()
    const cards = page.getByRole('article')
    // The closest deadline first; what others have to decide comes last.
    await expect.poll(() => cards.count()).toBe(3)
    const [first] = await cards.all()
    const text = await first!.textContent()
    expect(text).toContain('May this model answer customers from Monday on?')
    expect(text).toContain('key_bootstrap')
    expect(text).toContain('ada, quality-lead')
    await first!.getByText(rerun.stages[5]!.gates[0]!.sentence).waitFor()
    const foreign = cards.nth(2)
    await foreign.getByText('The author of a run cannot approve it').waitFor()
    expect(await foreign.getByRole('button', { name: 'Grant' }).count()).toBe(0)
    await page.getByRole('row').filter({ hasText: 'the tone is wrong in cancellations' }).waitFor()
    await shoot(page, 'inbox')
  })

  test('says that somebody else was faster', async () => {
    const { approvalId, question } = openApprovals[0]!
    gates.taken.add(approvalId)
    const page = await dashboard.open('/inbox', KEY)
    const card = page.getByRole('article', { name: question })
    await card.getByRole('button', { name: 'Grant' }).click()
    await card.getByRole('alert').getByText('is granted by key_ada').waitFor()
    dashboard.expectComplaint('409')
    expect(gates.decisions).toEqual([])
    gates.taken.clear()
  })

  test('takes a decision from the keyboard, and asks why something is denied', async () => {
    const page = await dashboard.open('/inbox', KEY)
    const card = page.getByRole('article', { name: 'May this model answer customers from Monday on?' })
    await card.getByRole('button', { name: 'Deny' }).focus()
    await page.keyboard.press('Enter')
    await card.getByText('Say why it is denied').waitFor()
    const comment = card.getByLabel('Comment, kept with the verdict; needed to deny')
    expect(await comment.evaluate((field) => field === document.activeElement)).toBe(true)
    expect(gates.decisions).toEqual([])
    await shoot(page, 'inbox-deny')
    await page.keyboard.type('refunds are worse')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    const said = page.getByRole('status')
    await said.getByText('May this model answer customers from Monday on?').waitFor()
    expect(gates.decisions).toEqual([
      { approvalId: `${RERUN_ID}/promote/1`, decision: 'deny', comment: 'refunds are worse' },
    ])
    await page.getByRole('link', { name: 'Inbox 1 decision waits for you' }).waitFor()
    // The focus is where the next Tab goes on from.
    expect(await said.evaluate((region) => region === document.activeElement)).toBe(true)
    const next = page.getByRole('article', { name: /golden rows/ })
    await next.getByRole('button', { name: 'Grant' }).click()
    await said.getByText('granted').waitFor()
    await page.getByText('Nothing waits for you.').waitFor()
    expect(gates.decisions[1]).toEqual({
      approvalId: `${ENGINE_RUN_ID}/golden/1`,
      decision: 'grant',
      comment: '',
    })
    await shoot(page, 'inbox-decided')
  })

  test('is silent when nothing was ever asked', async () => {
    const page = await dashboard.open('/inbox', EMPTY_KEY)
    await page.getByText('Nothing was asked before.').waitFor()
    expect(await page.getByRole('link', { name: 'Inbox', exact: true }).count()).toBe(1)
  })
})
