import type { Page } from 'playwright-core'

/** WCAG 2.2, 1.4.3: of text and what it stands on; large text needs less. */
const LEAST_CONTRAST = 4.5
const LEAST_CONTRAST_LARGE = 3

/**
 * What stands in somebody's way on a page: controls without a name, ids that stand twice, references to nothing, headings
 * that skip a level, and text that is hard to read.
 */
export async function barriers(page: Page): Promise<string[]> {
  return page.evaluate(
    ({ least, leastLarge }) => {
      const found: string[] = []
      const isShown = (element: Element) => element.checkVisibility({ visibilityProperty: true })
      const describe = (element: Element) => element.outerHTML.replace(/\s+/g, ' ').slice(0, 90)

      for (const control of document.querySelectorAll('a, button, input, select, textarea, [role=region]')) {
        const labels = 'labels' in control ? [...((control.labels as NodeListOf<Element>) ?? [])] : []
        const named = (control.getAttribute('aria-labelledby') ?? '')
          .split(' ')
          .flatMap((id) => document.getElementById(id) ?? [])
        const isRegion = control.getAttribute('role') === 'region'
        const name = [
          control.getAttribute('aria-label'),
          ...[...labels, ...named].map((element) => element.textContent),
          isRegion ? '' : control.textContent,
        ].join('')
        if (isShown(control) && name.trim() === '') found.push(`no name: ${describe(control)}`)
      }

      const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
      for (const id of new Set(ids.filter((each, index) => ids.indexOf(each) !== index)))
        found.push(`twice: #${id}`)
      for (const attribute of ['aria-labelledby', 'aria-describedby', 'for']) {
        for (const element of document.querySelectorAll(`[${attribute}]`))
          if (!document.getElementById(element.getAttribute(attribute)!))
            found.push(`${attribute} names nothing: ${describe(element)}`)
      }

      let level = 0
      for (const heading of document.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
        if (!isShown(heading)) continue
        const own = Number(heading.tagName[1])
        if (own > level + 1) found.push(`skips from h${level}: ${describe(heading)}`)
        level = own
      }

      type Colour = [number, number, number, number]
      const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!
      const parse = (colour: string): Colour => {
        canvas.clearRect(0, 0, 1, 1)
        canvas.fillStyle = colour
        canvas.fillRect(0, 0, 1, 1)
        const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data
        return [r!, g!, b!, a! / 255]
      }
      const over = ([r, g, b, a]: Colour, below: Colour): Colour => [
        r * a + below[0] * (1 - a),
        g * a + below[1] * (1 - a),
        b * a + below[2] * (1 - a),
        1,
      ]
      const background = (element: Element | null): Colour => {
        if (!element) return [255, 255, 255, 1]
        const own = parse(getComputedStyle(element).backgroundColor)
        return own[3] === 1 ? own : over(own, background(element.parentElement))
      }
      const luminance = (colour: Colour) => {
        const [r, g, b] = colour.map((part) => {
          const share = part / 255
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
        })
        return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
      }
      const seen = new Set<string>()
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      while (walker.nextNode()) {
        const element = walker.currentNode.parentElement!
        if (walker.currentNode.textContent!.trim() === '' || !isShown(element)) continue
        if (element.closest('svg, :disabled, .hidden, .skip, option')) continue
        const style = getComputedStyle(element)
        const behind = background(element)
        const [light, dark] = [luminance(over(parse(style.color), behind)), luminance(behind)].toSorted(
          (a, b) => b - a,
        )
        const contrast = (light! + 0.05) / (dark! + 0.05)
        const size = Number.parseFloat(style.fontSize)
        const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
        const key = `${style.color} on ${behind.map(Math.round).join()}`
        if (contrast < (isLarge ? leastLarge : least) && !seen.has(key)) {
          seen.add(key)
          found.push(`contrast ${contrast.toFixed(2)}: ${describe(element)}`)
        }
      }
      return found
    },
    { least: LEAST_CONTRAST, leastLarge: LEAST_CONTRAST_LARGE },
  )
}
