import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { barriers } from './accessibility.ts'
import { EMPTY_KEY, KEY, READ_KEY } from './answers.ts'
import { DashboardInBrowser, PHONE, settled, shoot } from './browser.ts'
import {
  BAD_ANSWER,
  CANDIDATE_EVALUATION,
  GOOD_ANSWER,
  OLD_EVALUATION,
  PRODUCTION_EVALUATION,
  RUNNING_EVALUATION,
} from './fixtures/evaluations.ts'
import { STOPPED_RUN_ID } from './fixtures/stopped-run.ts'

const dashboard = new DashboardInBrowser()
const { evaluations } = dashboard.api
const CANDIDATE = `/evaluations/${CANDIDATE_EVALUATION}`
const COMPARISON = `${CANDIDATE}/compare/${PRODUCTION_EVALUATION}`
const REFUSED = `${CANDIDATE}/compare/${OLD_EVALUATION}`

beforeAll(() => dashboard.start(), 120_000)
afterAll(() => dashboard.stop())
afterEach(() => dashboard.endTest())

describe('the list of evaluations', { timeout: 60_000 }, () => {
  test('shows whose answers were scored, on what, with what, and how far those are that run', async () => {
    const page = await dashboard.open('/', KEY)
    await page.getByRole('link', { name: 'Evaluations', exact: true }).click()
    const table = page.getByRole('table', { name: 'Evaluations, newest first' })
    const running = table.getByRole('row').filter({ hasText: RUNNING_EVALUATION })
    expect(await running.textContent()).toMatch(
      /running.*route:support-agent.*120 reused.*3 errors.*\$0\.0042/,
    )
    await running.getByRole('progressbar').waitFor()
    expect(await running.textContent()).toMatch(/30\.2% 320 of 1,060 rows, 84 rows\/s, about 9 s left/)
    await shoot(page, 'evaluations')
    await page.getByLabel('Status').selectOption('cancelled')
    expect(await table.getByRole('row').count()).toBe(2)
    await table.getByText('Stored answers').waitFor()
    expect(page.url()).toContain('status=cancelled')
    await page.getByLabel('Status').selectOption('paused')
    await page.getByText('None of them is paused.').waitFor()
  })

  test('says how to start one when there is none', async () => {
    const page = await dashboard.open('/evaluations', EMPTY_KEY)
    await page.getByText('No evaluation yet').waitFor()
    const command = 'sluice evaluations start --dataset dataset:NAME@VERSION --suite suite:NAME@VERSION'
    expect(await page.getByText(command, { exact: true }).count()).toBe(1)
  })
})

describe('an evaluation', { timeout: 60_000 }, () => {
  test('says what it came to, by metric, and what its pass marks are worth', async () => {
    const page = await dashboard.open(CANDIDATE, KEY)
    await page
      .getByText(
        '1,060 rows scored by 4 metrics in 12.6 s; no score failed; cost $0.84 of an estimated $0.90.',
      )
      .waitFor()
    const table = page.getByRole('region', { name: 'Scores by metric' })
    const grounded = table.getByRole('row').filter({ hasText: 'Groundedness@2' })
    expect(await grounded.textContent()).toMatch(/calibrated.*31\.0%/)
    await grounded.getByRole('img', { name: /^Rows by score: 0 to 0\.25: / }).waitFor()
    const exact = table.getByRole('row').filter({ hasText: 'ExactMatch@1' })
    expect(await exact.textContent()).toMatch(
      /0\.\d{3} 0\.\d{3}–0\.\d{3}.*\d% .*%–.*%.*0\.500 .*uncalibrated/,
    )
    await shoot(page, 'evaluation')
  })

  test('filters its rows by a cell of the heat map, by whether they failed, and keeps that in the address', async () => {
    const page = await dashboard.open(CANDIDATE, KEY)
    const heat = page.getByRole('region', { name: 'Heat map of the means by cohort and metric' })
    expect(await heat.getByRole('row').nth(1).textContent()).toMatch(/^refund/)
    expect(await heat.getByRole('row').filter({ hasText: 'vip' }).textContent()).toContain('only 12')
    await heat.getByRole('row').filter({ hasText: 'refund' }).getByRole('link').nth(3).click()
    expect(page.url()).toContain('metric=groundedness&cohort=refund#rows')
    const rows = page.getByRole('list', { name: 'Rows, worst first' }).getByRole('listitem')
    await rows.first().waitFor()
    await page.getByLabel('Show').selectOption('failed')
    await expect.poll(() => page.url()).toContain('show=failed')
    await expect
      .poll(async () => (await rows.allTextContents()).every((row) => /^refund-\d+refund/.test(row)))
      .toBe(true)
    expect(await rows.first().textContent()).toMatch(
      /within 9 days.*groundedness 0\.250 fails.*does not mention 9 days/,
    )
    await page.getByLabel('Show').selectOption('errors')
    await page.getByText('No row that could not be scored of refund by groundedness.').waitFor()
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await expect.poll(() => rows.count()).toBe(25)
    await page.getByRole('button', { name: 'More rows' }).click()
    await expect.poll(() => rows.count()).toBe(50)
  })

  test('shows a row in full, by keyboard: the answer, what each sentence lacks, and what was asked', async () => {
    const page = await dashboard.open(`${CANDIDATE}?metric=groundedness&cohort=refund&show=failed`, KEY)
    const opener = page.getByRole('button', { name: /^Open the row refund-/ }).first()
    const rowId = (await opener.textContent())!
    await opener.focus()
    await page.keyboard.press('Enter')
    const drawer = page.getByRole('dialog', { name: `Row ${rowId}` })
    await drawer.getByText(BAD_ANSWER).waitFor()
    const grounded = drawer.getByRole('article', { name: 'Score of groundedness' })
    const sentences = grounded.getByRole('listitem')
    expect(await sentences.nth(0).textContent()).toMatch(/borne out.*Numbers that nothing mentions: *9 days/)
    expect(await sentences.nth(1).textContent()).toMatch(/Names that nothing mentions: *Berlin/)
    await drawer.getByText('Question, context and good answer').click()
    await drawer.getByText('When do I get my money?').waitFor()
    await drawer.getByText(GOOD_ANSWER).waitFor()
    await shoot(page, 'evaluation-row')
    await drawer.getByRole('button', { name: 'Better →' }).click()
    await expect.poll(() => drawer.isVisible()).toBe(false)
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    await expect.poll(() => page.url()).not.toContain('row=')
  })

  test('takes a label from whoever may give one', async () => {
    const path = `${CANDIDATE}?row=refund-3`
    const reader = await dashboard.open(path, READ_KEY)
    const refused = reader.getByRole('dialog')
    await refused.getByRole('radio', { name: 'bad' }).check()
    await refused.getByRole('button', { name: 'Add the label' }).click()
    await refused.getByRole('alert').getByText('The key reader has the scopes read').waitFor()
    dashboard.expectComplaint('403')

    const page = await dashboard.open(path, KEY)
    const drawer = page.getByRole('dialog')
    await drawer.getByText('Nobody has labelled this row yet.').waitFor()
    expect(await drawer.getByRole('button', { name: 'Add the label' }).isDisabled()).toBe(true)
    await drawer.getByRole('radio', { name: 'bad' }).check()
    await drawer.getByLabel('In respect of').selectOption('groundedness')
    await drawer.getByLabel('Why (optional)').fill('nobody said 9 days')
    await drawer.getByRole('button', { name: 'Add the label' }).click()
    await drawer.getByText('nobody said 9 days').waitFor()
    expect(evaluations.told).toEqual([
      [
        'datasets/support-agent-golden/rows/refund-3/evaluations',
        {
          name: 'groundedness',
          score: 0,
          label: 'bad',
          source: 'human',
          evaluationId: CANDIDATE_EVALUATION,
          reason: 'nobody said 9 days',
        },
      ],
    ])
    evaluations.told.length = 0
  })

  test('is followed while it runs, and told to pause by whom may', async () => {
    const page = await dashboard.open(`/evaluations/${RUNNING_EVALUATION}`, KEY)
    await page.getByText('320 of 1,060 rows').waitFor()
    await page.getByText('the endpoint answered 429').waitFor()
    await expect.poll(() => evaluations.followers.size).toBe(1)
    evaluations.push('progress', { rows: 530, rowsPerSecond: 120, secondsLeft: 4.4, problem: null })
    await page.getByText('50.0% 530 of 1,060 rows, 120 rows/s, about 5 s left').waitFor()
    await shoot(page, 'evaluation-running')
    await page.getByRole('button', { name: 'Pause…' }).click()
    const dialog = page.getByRole('dialog', { name: `Pause ${RUNNING_EVALUATION}` })
    await dialog.getByRole('button', { name: 'Pause' }).click()
    evaluations.push('progress', { status: 'paused', rows: 540 })
    await page.getByText('540 of 1,060 rows, paused').waitFor()
    await page.getByRole('button', { name: 'Resume…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click()
    await page.getByRole('button', { name: 'Pause…' }).waitFor()
    expect(evaluations.told.map(([path]) => path)).toEqual([
      `${RUNNING_EVALUATION}/pause`,
      `${RUNNING_EVALUATION}/resume`,
    ])
    evaluations.told.length = 0

    const reader = await dashboard.open(`/evaluations/${RUNNING_EVALUATION}?do=cancel`, READ_KEY)
    await reader.getByRole('dialog').getByRole('button', { name: 'Cancel the evaluation' }).click()
    await reader.getByRole('alert').getByText('The key reader has the scopes read').waitFor()
    dashboard.expectComplaint('403')
    expect(evaluations.told).toEqual([])
  })
})

describe('two evaluations', { timeout: 60_000 }, () => {
  test('are compared from the gate report that held them against each other', async () => {
    const page = await dashboard.open(`/runs/${STOPPED_RUN_ID}`, KEY)
    await page.getByRole('link', { name: 'Rows, worst first' }).first().waitFor()
    await page.getByRole('link', { name: 'Compare with production' }).click()
    await page.getByText(/^ ?Shown to be worse: .*refund/).waitFor()
    expect(page.url()).toContain(COMPARISON)
    await page.getByText('The candidate copies 42% of its answers.').waitFor()
    await page.getByText('too near the margin to tell; power').first().waitFor()
    const metrics = page.getByRole('region', { name: 'Comparison by metric' })
    const relevance = metrics.getByRole('row').filter({ hasText: 'context-relevance' })
    expect(await relevance.textContent()).toMatch(/other 0\.\d+this 0\.\d+.* to .*n 1,060.*power/)
    const cohorts = page.getByRole('region', { name: 'By cohort, worst first' }).getByRole('row')
    expect(await cohorts.nth(1).textContent()).toMatch(/refund.*worse$/)
    await shoot(page, 'comparison')
  })

  test('show which rows no longer pass, with both answers, and lead to them', async () => {
    const page = await dashboard.open(`${COMPARISON}?rows=groundedness`, KEY)
    await page.getByText(/Of 1,060 rows, \d+ no longer pass \(from 0\.620 on\)/).waitFor()
    const fell = page.getByRole('list', { name: 'Rows that fell' }).getByRole('listitem')
    expect(await fell.count()).toBe(20)
    expect(await fell.first().textContent()).toMatch(/1\.000 → 0\.250 −75\.0.*no longer passes/)
    expect(await fell.first().locator('del').allTextContents()).toEqual([' 3'])
    expect((await fell.first().locator('ins').allTextContents()).join('')).toContain('Berlin')
    await fell.first().getByRole('link', { name: 'This' }).click()
    await page.getByRole('dialog').getByText(BAD_ANSWER).waitFor()
    await page.goBack()
    await page.getByLabel('Rows that', { exact: true }).selectOption('rose')
    await page.getByRole('list', { name: 'Rows that rose' }).getByText('passes now').first().waitFor()
  })

  test('that other versions scored are refused, and what is alike is offered', async () => {
    const page = await dashboard.open(`${CANDIDATE}/compare`, KEY)
    const select = page.getByLabel('Compare with')
    await select.waitFor()
    expect(await select.getByRole('option').allTextContents()).toEqual([
      'choose an evaluation…',
      expect.stringMatching(/same suite.*promote/),
      expect.stringMatching(/another suite/),
    ])
    await select.selectOption(OLD_EVALUATION)
    const notice = page.getByRole('alert')
    await notice.getByText('These two cannot be compared like this').waitFor()
    await notice.getByText(/by Groundedness@2 here and by Groundedness@1 there/).waitFor()
    dashboard.expectComplaint('409')
    await page.getByText('Groundedness@2 here, Groundedness@1 there').waitFor()
    await shoot(page, 'comparison-refused')
    await notice.getByRole('link', { name: /^Compare by what the same evaluators scored/ }).click()
    await page.getByRole('region', { name: 'Comparison by metric' }).waitFor()
    expect(await page.getByRole('checkbox', { name: /groundedness/ }).isChecked()).toBe(false)
  })
})

describe('nothing stands in anybody’s way', { timeout: 60_000 }, () => {
  test.each([
    '/evaluations',
    CANDIDATE,
    `${CANDIDATE}?metric=groundedness&row=refund-3`,
    `/evaluations/${RUNNING_EVALUATION}?do=cancel`,
    COMPARISON,
    REFUSED,
    `${CANDIDATE}/compare`,
  ])('on %s, nor beside a phone', async (path) => {
    const page = await dashboard.open(path, KEY)
    await page.getByRole('heading', { level: 1, includeHidden: true }).first().waitFor()
    await settled(page)
    if (path === REFUSED) dashboard.expectComplaint('409')
    expect(await barriers(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await barriers(page)).toEqual([])
    await page.setViewportSize(PHONE)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.width)
  })
})
