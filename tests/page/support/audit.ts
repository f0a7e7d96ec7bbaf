import type { Page } from 'playwright-core'

/** Everything that would keep somebody from reading or using the page as it is now. Each fault names its element. */
export function audit (page: Page): Promise<string[]> {
  return page.evaluate(`(${auditPage})()`)
}

/** This runs in the page. Text needs a contrast of 4.5 : 1 (WCAG 2.2, 1.4.3); a disabled control is exempt. */
const auditPage = `function auditPage () {
  const faults = []
  const isVisible = element => element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
  const where = element => element.outerHTML.slice(0, 90)
  const textOf = ids => (ids || '').split(' ').map(id => document.getElementById(id)?.textContent || '').join(' ').trim()

  for (const control of document.querySelectorAll('a[href], button, input, select, [role=region], [role=log], [role=img]')) {
    if (!isVisible(control)) continue
    const labels = [...control.labels || []].map(label => label.textContent).join(' ')
    const name = control.getAttribute('aria-label') || textOf(control.getAttribute('aria-labelledby')) || labels || control.textContent
    if (!name.trim()) faults.push('no name: ' + where(control))
  }

  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) faults.push('twice the same id: ' + id)
  for (const element of document.querySelectorAll('[aria-labelledby], [aria-describedby]')) {
    for (const id of (element.getAttribute('aria-labelledby') || element.getAttribute('aria-describedby')).split(' ')) {
      if (!document.getElementById(id)) faults.push('refers to a missing element: ' + where(element))
    }
  }

  let level = 0
  for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
    if (!isVisible(heading)) continue
    const own = Number(heading.tagName[1])
    if (own > level + 1) faults.push('a heading skips a level: ' + where(heading))
    level = own
  }

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const checked = new Set()
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement
    if (!texts.currentNode.data.trim() || checked.has(element) || !isVisible(element) || element.closest('.hidden, .skip, svg, [aria-disabled=true], :disabled, option')) continue
    checked.add(element)
    const contrast = contrastOf(colourOf(getComputedStyle(element).color), backgroundOf(element))
    if (contrast < 4.5) faults.push('contrast ' + contrast.toFixed(2) + ': ' + where(element))
  }
  return faults

  function colourOf (css) { return css.match(/[\\d.]+/g).map(Number) }
  function backgroundOf (element) {
    for (let at = element; at; at = at.parentElement) {
      const colour = colourOf(getComputedStyle(at).backgroundColor)
      if (colour.length < 4 || colour[3] > 0) return colour
    }
    return [255, 255, 255]
  }
  function contrastOf (one, other) {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b)
    return (light + 0.05) / (dark + 0.05)
  }
  function luminance ([r, g, b]) {
    const [red, green, blue] = [r, g, b].map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
}`
