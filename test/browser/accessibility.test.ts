import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { barriers } from './accessibility.ts'
import { KEY } from './answers.ts'
import { DashboardInBrowser, settled } from './browser.ts'
import { ENGINE_RUN_ID } from './fixtures/engine-run.ts'
import { STOPPED_RUN_ID } from './fixtures/stopped-run.ts'

const dashboard = new DashboardInBrowser()

beforeAll(() => dashboard.start(), 120_000)
afterAll(() => dashboard.stop())
afterEach(() => dashboard.endTest())

describe('nothing stands in anybody’s way', { timeout: 60_000 }, () => {
  test.each([
    '/runs',
    `/runs/${STOPPED_RUN_ID}?promote.io=open`,
    `/runs/${STOPPED_RUN_ID}/scores`,
    `/runs/${STOPPED_RUN_ID}/events`,
    `/runs/${STOPPED_RUN_ID}?do=rerun`,
    `/runs/${STOPPED_RUN_ID}?waive=promote.no-regression`,
    `/runs/${ENGINE_RUN_ID}`,
    `/runs/${ENGINE_RUN_ID}/logs`,
    `/runs/${ENGINE_RUN_ID}?do=signal`,
    `/runs/${ENGINE_RUN_ID}?do=cancel`,
    '/inbox',
    '/gates',
    '/gates?revoke=wvr_01',
    '/routes',
    '/routes?rollback=support-agent',
    '/routes?canary=support-agent',
    '/measures',
    '/operations?lock=route:support-agent',
    '/nowhere',
  ])('on %s', async (path) => {
    const page = await dashboard.open(path, KEY)
    await page.getByRole('heading', { level: 1, includeHidden: true }).first().waitFor()
    await settled(page)
    expect(await barriers(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await barriers(page)).toEqual([])
  })

  test('and what does is found', async () => {
    const page = await dashboard.open('/measures', KEY)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.evaluate(() => {
      const main = document.querySelector('main')!
      main.append(document.createElement('button'), document.createElement('h4'), document.createElement('p'))
      main.querySelector('h4')!.textContent = 'deep'
      main.lastElementChild!.textContent = 'pale'
      ;(main.lastElementChild as HTMLElement).style.color = 'silver'
      main.lastElementChild!.id = 'app'
    })
    const found = await barriers(page)
    expect(found.map((each) => each.split(/[:\d]/)[0]!.trim())).toEqual([
      'no name',
      'twice',
      'skips from h',
      'contrast',
    ])
  })

  test('when one signs in', async () => {
    const page = await dashboard.open('/')
    await page.getByLabel('API key').waitFor()
    expect(await barriers(page)).toEqual([])
  })
})
