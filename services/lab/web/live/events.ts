import { formatNumberOf, formatTime } from '#lab/format.ts'
import { byId, el, keepChildren, setText, shape } from '#lab/web/dom.ts'
import { shortName } from '#lab/web/order.ts'
import { eventKey } from '#lab/web/state/events.ts'
import type { LabEvent } from '#lab/wire/live.ts'
import './events.css'

type ByKind = Record<LabEvent['kind'], string>

const titles: ByKind = {
  oom_kill: 'OOM kill',
  restarted: 'restarted',
  appeared: 'appeared',
  gone: 'gone',
  limits_changed: 'limits changed'
}
const shapes: ByKind = {
  oom_kill: 'oom_killed',
  restarted: 'restarting',
  appeared: 'calm',
  gone: 'gone',
  limits_changed: 'calm'
}

/** Kills, restarts and departures, newest first, with the kernel's evidence. */
export function createEvents (host: HTMLElement): { update (events: LabEvent[], project: string): void } {
  const list = el('ol')
  const none = el('p', 'nothing', 'Nothing has been killed or restarted since the lab started.')
  const log = el('div', 'events panel', list, none)
  log.setAttribute('role', 'log')
  log.setAttribute('aria-label', 'Kills and restarts, newest first')
  log.tabIndex = 0
  host.append(log)
  let shown: LabEvent[] | null = null

  return {
    update (events, project) {
      if (events === shown) return
      shown = events
      none.hidden = events.length > 0
      keepChildren(list, events, event => `${eventKey(event)} ${event.text}`, event => eventItem(event, project))
      setText(byId('events-count'), events.length === 0 ? '' : countWords(events))
    }
  }
}

function countWords (events: LabEvent[]): string {
  const kills = events.reduce((sum, { oom }) => sum + (oom?.kills ?? 0), 0)
  const restarts = events.filter(({ kind }) => kind === 'restarted').length
  return `${formatNumberOf(kills, 'OOM kill')}, ${formatNumberOf(restarts, 'restart')}`
}

function eventItem ({ at, kind, name, text }: LabEvent, project: string): HTMLElement {
  const time = el('time', '', formatTime(at))
  time.dateTime = at
  const title = el('p', 'title', shape(shapes[kind]), el('strong', '', shortName(name, project)), ` ${titles[kind]}`)
  return el('li', kind, el('div', 'top', title, time), el('p', 'text', text))
}
