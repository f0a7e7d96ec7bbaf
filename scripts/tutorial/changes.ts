/** What is in one state and not in the other. */
export function changesOf (before: string[], after: string[]): string[] {
  return [
    ...before.filter(line => !after.includes(line)).map(line => `before: ${line}`),
    ...after.filter(line => !before.includes(line)).map(line => `after:  ${line}`)
  ]
}
