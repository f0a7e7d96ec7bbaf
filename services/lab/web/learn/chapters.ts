/** What the page knows of all chapters without having loaded one, and how one is found. Pure. */

export interface Section { id: string, title: string }

export interface Chapter {
  /** `06-too-much-memory`: the name of its file. */
  slug: string
  number: number
  title: string
  minutes: number
  /** What it needs and a machine may lack, such as `root`. */
  needs: string[]
  sections: Section[]
  /** The experiments that it runs, once for each time. */
  experiments: string[]
}

export function chapterAt (chapters: Chapter[], slug: string | null): Chapter | null {
  return chapters.find(chapter => chapter.slug === slug) ?? null
}

export function neighboursOf (chapters: Chapter[], slug: string): { previous: Chapter | null, next: Chapter | null } {
  const i = chapters.findIndex(chapter => chapter.slug === slug)
  return { previous: chapters[i - 1] ?? null, next: i < 0 ? null : chapters[i + 1] ?? null }
}

/** The chapter that explains an experiment: the one that runs it most often. An introduction comes before it. */
export function chapterOn (chapters: Chapter[], experiment: string): Chapter | null {
  const timesIn = ({ experiments }: Chapter) => experiments.filter(one => one === experiment).length
  return chapters.filter(chapter => timesIn(chapter) > 0)
    .reduce<Chapter | null>((best, chapter) => best && timesIn(best) > timesIn(chapter) ? best : chapter, null)
}
