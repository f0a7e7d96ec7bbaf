/** Columns under their titles, as in `docker stats`: words to the left, numbers to the right, so that they align. */
export function layOut (rows: string[][], isText: (column: number) => boolean): string {
  const widths = rows[0]!.map((_title, i) => Math.max(...rows.map(row => row[i]!.length)))
  const align = (cell: string, i: number): string => isText(i) ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)
  return rows.map(row => row.map(align).join('   ').trimEnd()).join('\n') + '\n'
}
