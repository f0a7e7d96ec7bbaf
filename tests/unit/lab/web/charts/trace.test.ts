import { expect, test } from '@jest/globals'
import { trace } from '#lab/web/charts/trace.ts'

/** The strokes through points that are 10 pixels apart: M moves the pen, L draws. */
function strokes (...levels: Array<number | null>): string {
  const drawn: string[] = []
  const pen = {
    moveTo: (x: number, y: number) => { drawn.push(`M${x},${y}`) },
    lineTo: (x: number, y: number) => { drawn.push(`L${x},${y}`) }
  }
  trace(pen, 0, levels.length - 1, i => i * 10, i => levels[i]!)
  return drawn.join(' ')
}

test('a line leads from point to point', () => {
  expect(strokes(5, 7, 6)).toBe('M0,5 L10,7 L20,6')
})

test('of a level stretch only its ends are drawn', () => {
  expect(strokes(5, 5, 5, 5)).toBe('M0,5 L30,5')
  expect(strokes(5, 5, 5, 8, 8, 8)).toBe('M0,5 L20,5 L30,8 L50,8')
})

test('the line is interrupted where there is no value, and goes on behind it', () => {
  expect(strokes(5, 5, null, null, 5, 6)).toBe('M0,5 L10,5 M40,5 L50,6')
  expect(strokes(null, 4, null)).toBe('M10,4')
})

test('nothing is drawn of no values', () => {
  expect([strokes(), strokes(null, null)]).toEqual(['', ''])
})
