/** A line through points as few as show the same. Pure. */

/** What draws it: a `Path2D`. */
export interface Pen { moveTo (x: number, y: number): void, lineTo (x: number, y: number): void }

/**
 * Goes through the points from `from` to `to`, which are in whole pixels. Where they stay on one level only the ends of
 * the level are drawn: a container at rest is a line with two points instead of hundreds, each of which the browser
 * would give a round corner. `yOf` null: the line is interrupted.
 */
export function trace (
  pen: Pen, from: number, to: number, xOf: (i: number) => number, yOf: (i: number) => number | null
): void {
  let level: number | null = null
  /** The end of the level, unless a line leads there already. */
  let end: number | null = null

  function drawLevel (): void {
    if (level !== null && end !== null) pen.lineTo(end, level)
    end = null
  }

  for (let i = from; i <= to; i++) {
    const y = yOf(i)
    if (y !== null && y === level) {
      end = xOf(i)
      continue
    }
    drawLevel()
    if (y !== null && level === null) pen.moveTo(xOf(i), y)
    else if (y !== null) pen.lineTo(xOf(i), y)
    level = y
  }
  drawLevel()
}
