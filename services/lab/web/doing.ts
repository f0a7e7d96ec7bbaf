import { el, setText, shape } from './dom.ts'

/**
 * What goes on, wherever on the page one is, and the way there. Said once when it begins: how far it is, its own view
 * tells.
 */
export function createDoing (host: HTMLElement): { update (doing: { title: string, href: string } | null): void } {
  const link = el('a')
  const words = el('span', '', shape('running'), 'running: ', link)

  return {
    update (doing) {
      if (doing === null) { host.replaceChildren(); return }
      setText(link, doing.title)
      if (link.getAttribute('href') !== doing.href) link.href = doing.href
      if (!words.isConnected) host.replaceChildren(words)
    }
  }
}
