/** The slope of the line that fits best through `values`, which are `minutes` apart, for one hour. */
export function risePerHour (values: number[], minutes: number): number {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  let [sum, squares] = [0, 0]
  for (const [i, value] of values.entries()) {
    sum += (i - middle) * (value - mean)
    squares += (i - middle) ** 2
  }
  return squares === 0 ? 0 : sum / squares / minutes * 60
}
