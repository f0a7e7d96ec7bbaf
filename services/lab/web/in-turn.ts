/** `count` items from `start` on; after the last comes the first. Pure. */
export function inTurn<T> (items: T[], start: number, count: number): T[] {
  return Array.from({ length: Math.min(count, items.length) }, (_, i) => items[(start + i) % items.length]!)
}
