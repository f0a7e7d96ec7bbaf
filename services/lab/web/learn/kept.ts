/** Keeps the progress in the browser. Where its storage is blocked or full, it lasts as long as the page is open. */
import { noProgress, progressIn, type Progress } from './progress.ts'

const KEY = 'limits-lab.learn'

export interface Kept {
  read: () => Progress
  change: (change: (progress: Progress) => Progress) => void
}

/** `storage`: a look at `localStorage` may itself fail. */
export function createKept (storage: () => Pick<Storage, 'getItem' | 'setItem'>): Kept {
  let progress = noProgress
  let isStored = true

  /** Another window may have written meanwhile. */
  function read (): Progress {
    try { if (isStored) progress = progressIn(storage().getItem(KEY)) } catch { isStored = false }
    return progress
  }

  return {
    read,
    change (change) {
      const before = read()
      progress = change(before)
      if (progress === before) return
      try { storage().setItem(KEY, JSON.stringify(progress)) } catch { isStored = false }
    }
  }
}
