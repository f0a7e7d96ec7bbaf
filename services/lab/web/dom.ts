/**
 * Making and changing elements. Text is only ever set as text. Nothing is written when nothing has changed, so that a
 * page at rest costs no layout.
 */

const SVG = 'http://www.w3.org/2000/svg'

export function el<K extends keyof HTMLElementTagNameMap> (
  tag: K, className = '', ...children: Array<Node | string>
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  if (className !== '') element.className = className
  element.append(...children)
  return element
}

export function svg<K extends keyof SVGElementTagNameMap> (
  tag: K, attributes: Record<string, string | number> = {}
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
  return element
}

/** One of the shapes at the top of index.html. */
export function shape (name: string): SVGSVGElement {
  const picture = svg('svg', { class: 'shape', 'aria-hidden': 'true', viewBox: '0 0 16 16' })
  picture.append(svg('use', { href: `#shape-${name}` }))
  return picture
}

/** Text in which words between `backticks` become code elements. */
export function prose (text: string): Array<Node | string> {
  return text.split('`').map((part, i) => i % 2 === 1 ? el('code', '', part) : part).filter(part => part !== '')
}

/** Changes the text where it is: another node in its place would have to be styled, too. */
export function setText (element: Element, text: string): void {
  const { firstChild: node } = element
  if (!(node instanceof Text) || node !== element.lastChild) {
    if (element.textContent !== text) element.textContent = text
  } else if (node.data !== text) node.data = text
}

export function setAttribute (element: Element, name: string, value: string | number): void {
  const text = String(value)
  if (element.getAttribute(name) !== text) element.setAttribute(name, text)
}

export function byId (id: string): HTMLElement {
  const element = document.getElementById(id)
  if (!element) throw new Error(`there is no #${id} on the page`)
  return element
}

/** The head of a table: a cell for each title. */
export function headRow (titles: string[], isNumber: (title: string) => boolean = () => false): HTMLElement {
  return el('tr', '', ...titles.map(title => headCell(isNumber(title) ? 'number' : '', title)))
}

export function headCell (className: string, ...children: Array<Node | string>): HTMLElement {
  const cell = el('th', className, ...children)
  cell.scope = 'col'
  return cell
}

/** Keeps one child for each key, in this order. A child that stays is not moved, so that it keeps the focus. */
export function keepChildren<T> (
  parent: Element, items: T[], key: (item: T) => string, make: (item: T) => HTMLElement
): HTMLElement[] {
  const wanted = new Set(items.map(key))
  const children = () => [...parent.children] as HTMLElement[]
  for (const child of children()) if (!wanted.has(child.dataset['key'] ?? '')) child.remove()
  return items.map((item, i) => {
    const present = parent.children[i] as HTMLElement | undefined
    if (present?.dataset['key'] === key(item)) return present
    const child = children().find(({ dataset }) => dataset['key'] === key(item)) ?? make(item)
    child.dataset['key'] = key(item)
    parent.insertBefore(child, present ?? null)
    return child
  })
}
