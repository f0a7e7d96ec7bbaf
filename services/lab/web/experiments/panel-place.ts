/** What differs between the panels of a page. */
export interface PanelPlace {
  /** Tells its elements from those of other panels on the page. */
  key: string
  heading: 'h3' | 'h4'
  /** What leads from a verdict to the next run. */
  again: HTMLElement
  /** What stands in the place of the verdict while the run goes on; `null`: its place is not kept. */
  awaited: string | null
  /** What stands beside the title of the charts. */
  aside: Array<Node | string>
}
