import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { KEY } from './answers.ts'
import { DashboardInBrowser, shoot } from './browser.ts'
import { EARLIER_RUN_ID, ENGINE_RUN_ID, engineRun, engineRunEvents } from './fixtures/engine-run.ts'
import { LIVE_RUN_ID } from './fixtures/live-run.ts'
import { RERUN_ID } from './fixtures/rerun.ts'
import { STOPPED_RUN_ID } from './fixtures/stopped-run.ts'

const dashboard = new DashboardInBrowser()
const { runs, gates } = dashboard.api

beforeAll(() => dashboard.start(), 120_000)
afterAll(() => dashboard.stop())
beforeEach(() => {
  runs.told.length = 0
  runs.changes.clear()
})
afterEach(() => dashboard.endTest())

describe('a run', { timeout: 60_000 }, () => {
  test('says why it is there, what was taken over or skipped, and what each stage waits for', async () => {
    const page = await dashboard.open(`/runs/${ENGINE_RUN_ID}`, KEY)
    await page.getByText('started by the trigger new-transcripts').waitFor()
    const rail = page.getByRole('region', { name: 'Stages', exact: true })
    const stage = (name: string) =>
      rail.getByRole('listitem').filter({ has: page.getByRole('link', { name, exact: true }) })
    await stage('ingest')
      .getByRole('link', { name: `ingest of ${EARLIER_RUN_ID}` })
      .waitFor()
    await stage('translate')
      .getByText('Skipped: its condition on an input of the run does not hold.')
      .waitFor()
    await stage('train').getByText('Waits for a slot of the pool gpu, place 2 of 5.').waitFor()
    await stage('release-notes').getByText('Waits for the signal release-window, legal-ok.').waitFor()
    const lock = stage('promote-prompt')
    expect(await lock.textContent()).toContain('the gate lock of prompt:support-agent@production, place 1')
    await lock.getByRole('link', { name: LIVE_RUN_ID }).waitFor()
    await stage('golden').getByRole('link', { name: 'to the inbox' }).waitFor()
    await rail.getByRole('progressbar', { name: '620 of 2,000 items, 4 failed' }).waitFor()
    await shoot(page, 'run-engine')
    await page.goto(`${dashboard.url}/runs/${RERUN_ID}`)
    await page.getByText('passed by a waiver').waitFor()
    await shoot(page, 'run-rerun')
  })

  test('is paused with a reason, and resumed', async () => {
    const page = await dashboard.open(`/runs/${ENGINE_RUN_ID}`, KEY)
    await page.getByRole('button', { name: 'Pause…' }).click()
    const dialog = page.getByRole('dialog', { name: `Pause ${ENGINE_RUN_ID}` })
    const submit = dialog.getByRole('button', { name: 'Pause' })
    expect(await submit.isDisabled()).toBe(true)
    await dialog.getByLabel('Reason, for the event log').fill('the exporter is broken')
    await submit.click()
    await page.getByText('Paused by key_reader').waitFor()
    await shoot(page, 'run-paused')
    await page.getByRole('button', { name: 'Resume…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click()
    await page.getByRole('button', { name: 'Pause…' }).waitFor()
    expect(runs.told).toEqual([
      [`${ENGINE_RUN_ID}/pause`, { reason: 'the exporter is broken' }],
      [`${ENGINE_RUN_ID}/resume`, {}],
    ])
  })

  test('is cancelled with a reason', async () => {
    const page = await dashboard.open(`/runs/${ENGINE_RUN_ID}?do=cancel`, KEY)
    const dialog = page.getByRole('dialog', { name: `Cancel ${ENGINE_RUN_ID}` })
    await dialog.getByLabel('Reason, for the event log').fill('wrong dataset')
    await dialog.getByRole('button', { name: 'Cancel the run' }).click()
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    expect(runs.told).toEqual([[`${ENGINE_RUN_ID}/cancel`, { reason: 'wrong dataset' }]])
  })

  test('gets a signal that a stage waits for, and no payload that is no JSON', async () => {
    const page = await dashboard.open(`/runs/${ENGINE_RUN_ID}`, KEY)
    await page.getByRole('button', { name: 'Send a signal…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Send a signal' })
    await dialog.getByLabel('Signal').selectOption('legal-ok')
    const payload = dialog.getByLabel('Payload, as JSON')
    await payload.fill('{by: ada}')
    await dialog.getByText('This is not JSON').waitFor()
    const send = dialog.getByRole('button', { name: 'Send' })
    expect(await send.isDisabled()).toBe(true)
    await shoot(page, 'run-signal')
    await payload.fill('{"by": "ada"}')
    await send.click()
    await expect
      .poll(() => runs.told)
      .toEqual([[`${ENGINE_RUN_ID}/signals/legal-ok`, { payload: { by: 'ada' } }]])
  })

  test('is rerun from what failed, and from a stage that one chooses', async () => {
    const page = await dashboard.open(`/runs/${STOPPED_RUN_ID}`, KEY)
    await page.getByRole('button', { name: 'Rerun from failed…' }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.textContent()).toContain('It does again: promote, deploy, monitor.')
    await dialog.getByLabel('evaluate').check()
    await shoot(page, 'run-rerun-dialog')
    await dialog.getByRole('button', { name: 'Start the rerun' }).click()
    await page.getByRole('heading', { level: 1, name: new RegExp(RERUN_ID) }).waitFor()
    expect(runs.told).toEqual([[`${STOPPED_RUN_ID}/rerun`, { from: ['evaluate'] }]])
    await page.getByRole('link', { name: STOPPED_RUN_ID, exact: true }).waitFor()
  })

  test('lets a closed gate be waived, with a reason and for a time', async () => {
    const page = await dashboard.open(`/runs/${STOPPED_RUN_ID}`, KEY)
    const gate = page.getByRole('article', { name: 'Gate no-regression' })
    await gate.getByRole('button', { name: 'Waive this gate…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Waive no-regression of promote' })
    const submit = dialog.getByRole('button', { name: 'Waive the gate' })
    await dialog.getByLabel('Why may it be passed?').fill('too short')
    expect(await submit.isDisabled()).toBe(true)
    await dialog.getByLabel('Why may it be passed?').fill('refunds moved to another team')
    await dialog.getByLabel(/For how many days/).fill('15')
    expect(await submit.isDisabled()).toBe(true)
    await dialog.getByLabel(/For how many days/).fill('3')
    await shoot(page, 'run-waive')
    await submit.click()
    await dialog.getByRole('status').getByText('no-regression of promote is waived until').waitFor()
    expect(gates.granted).toEqual([
      {
        workflow: 'support-agent',
        stage: 'promote',
        gate: 'no-regression',
        reason: 'refunds moved to another team',
        days: 3,
      },
    ])
    await dialog.getByRole('link', { name: 'Rerun from failed…' }).click()
    await page.getByRole('dialog', { name: `Rerun ${STOPPED_RUN_ID}` }).waitFor()
  })

  test('shows what its stages say, filtered, and what happens as it happens', async () => {
    const page = await dashboard.open(`/runs/${ENGINE_RUN_ID}/logs`, KEY)
    const log = page.getByRole('log')
    await log.getByText('taken over from the cache').waitFor()
    await page.getByText('5 lines, shown as they come').waitFor()
    expect(Array.from(runs.followers, ({ lastEventId }) => lastEventId)).toEqual([
      `${engineRunEvents.length}.5`,
    ])
    const line = {
      line: 6,
      at: Date.now(),
      stage: 'label',
      attempt: 1,
      level: 'info',
      message: '640 of 2,000 items',
      fields: {},
    } as const
    // Nothing but the stream tells of it.
    runs.tellFollowers(ENGINE_RUN_ID, { line })
    await log.getByText('640 of 2,000 items').waitFor()
    await shoot(page, 'run-logs')
    await page.getByLabel('Level').selectOption('warn')
    await page.getByText('2 lines').waitFor()
    await page.getByLabel('Level').selectOption('')
    // An event is shown, and what it changed is asked for.
    await page.getByRole('link', { name: 'Stages and gates' }).click()
    runs.changes.set(ENGINE_RUN_ID, {
      status: 'running',
      stages: engineRun.stages.map((stage) =>
        stage.stage === 'train' ? { ...stage, status: 'running', waitingFor: null } : stage,
      ),
    })
    runs.push(ENGINE_RUN_ID, {
      event: {
        seq: engineRunEvents.length + 1,
        at: Date.now(),
        dedupeKey: 'pushed',
        event: { type: 'stage.resumed', stage: 'train', attempt: 1, cause: 'a slot of the pool gpu is free' },
        ignored: null,
      },
    })
    await page.getByText('Waits for a slot').waitFor({ state: 'detached' })
    await page.getByRole('link', { name: `Events (${engineRunEvents.length + 1})` }).click()
    await page.getByText('a slot of the pool gpu is free').waitFor()
    await shoot(page, 'run-engine-events')
  })

  test('is asked again and again where no stream comes through', async () => {
    const page = await dashboard.open(`/runs/${ENGINE_RUN_ID}/logs`, KEY)
    await page.getByText('shown as they come').waitFor()
    runs.isStreamRefused = true
    runs.dropFollowers()
    await page.getByText('asked for every two seconds').waitFor()
    const line = {
      line: 7,
      at: Date.now(),
      stage: 'label',
      attempt: 1,
      level: 'info',
      message: 'by asking',
      fields: {},
    } as const
    runs.push(ENGINE_RUN_ID, { line })
    await page.getByRole('log').getByText('by asking').waitFor()
    runs.isStreamRefused = false
    await page.getByText('shown as they come').waitFor()
    expect(await page.getByRole('log').getByText('by asking').count()).toBe(1)
    dashboard.expectComplaint('404')
  })
})
