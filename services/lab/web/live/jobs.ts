import { formatTime } from '#lab/format.ts'
import { byId, el, headCell, headRow, keepChildren, setAttribute, setText } from '#lab/web/dom.ts'
import { cancelJob, postJob } from '#lab/web/requests.ts'
import type { JobsView } from '#lab/wire/live.ts'
import { evidenceWords, isUnfinished, jobWords, offers, queueWords, type JobView, type Offer } from './job-words.ts'
import './jobs.css'

const SHOWN = 20

/** Buttons that post jobs, the answer to the last one pressed, and the state of the latest jobs. */
export function createJobs (host: HTMLElement): { update (view: JobsView): void } {
  const answer = el('p', 'answer', 'Each button posts one job to the API; the worker runs it under its own limits.')
  answer.setAttribute('role', 'status')
  const buttons = el('div', 'offers', ...offers.map(offer => offerButton(offer, say)))
  buttons.setAttribute('role', 'group')
  buttons.setAttribute('aria-label', 'Post a job')
  const { list, body, none } = createJobList()
  host.append(buttons, answer, list)

  function say (text: string, isRefusal: boolean): void {
    setAttribute(answer, 'data-refusal', String(isRefusal))
    setText(answer, text)
  }

  return {
    update ({ queue, latest }) {
      setText(byId('queue'), queueWords(queue))
      const jobs = (latest ?? []).slice(0, SHOWN)
      none.hidden = jobs.length > 0
      const rows = keepChildren(body, jobs, ({ id }) => id, job => jobRow(job, say))
      for (const [i, row] of rows.entries()) showJob(row, jobs[i]!)
    }
  }
}

function createJobList (): { list: HTMLElement, body: HTMLElement, none: HTMLElement } {
  const body = el('tbody')
  const head = headRow(['Job', 'Status', 'Evidence', 'Posted at'])
  head.append(headCell('', el('span', 'hidden', 'Action')))
  const caption = el('caption', 'hidden', 'The latest jobs, newest first')
  const none = el('p', 'nothing', 'There are no jobs yet, or the list is not available.')
  const list = el('div', 'job-list panel', el('table', '', caption, el('thead', '', head), body), none)
  // It scrolls, so it has to be reachable by keyboard.
  list.tabIndex = 0
  list.setAttribute('role', 'region')
  list.setAttribute('aria-label', 'The latest jobs')
  return { list, body, none }
}

type Say = (text: string, isRefusal: boolean) => void

function offerButton ({ label, hint, request }: Offer, say: Say): HTMLElement {
  const button = el('button', 'offer', el('span', 'label', label), ' ', el('span', 'hint', hint))
  button.type = 'button'
  button.addEventListener('click', async () => {
    setAttribute(button, 'aria-busy', 'true')
    const answer = await postJob(request)
    button.removeAttribute('aria-busy')
    if ('refusal' in answer) say(`${label} was refused: ${answer.refusal}`, true)
    else say(`${label} was accepted as ${answer.body.id.slice(0, 8)}.`, false)
  })
  return button
}

function jobRow ({ id, createdAt }: JobView, say: Say): HTMLElement {
  const cancel = el('button', 'cancel', 'Cancel', el('span', 'hidden', ` job ${id.slice(0, 8)}`))
  cancel.type = 'button'
  cancel.addEventListener('click', async () => {
    const answer = await cancelJob(id)
    if ('refusal' in answer) say(`Not cancelled: ${answer.refusal}`, true)
    else say(`The worker was asked to cancel ${id.slice(0, 8)}.`, false)
  })
  const time = el('time', '', formatTime(createdAt))
  time.dateTime = createdAt
  return el('tr', '', el('td', 'what'), el('td', 'status'), el('td', 'evidence'), el('td', 'since', time),
    el('td', 'action', cancel))
}

function showJob (row: HTMLElement, job: JobView): void {
  const [what, status, evidence, , action] = [...row.children]
  setText(what!, jobWords(job))
  setText(status!, job.status)
  setAttribute(status!, 'data-status', job.status)
  setText(evidence!, evidenceWords(job))
  const cancel = action!.firstElementChild as HTMLButtonElement
  cancel.disabled = !isUnfinished(job)
}
