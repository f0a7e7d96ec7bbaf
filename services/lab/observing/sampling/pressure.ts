/**
 * The clock is read a moment before the pressure files are, and on a busy host the lab may be stopped in between; then
 * the counter has run on for longer than the clock says, and what is a share of time would come out above 1.
 */
export function pressureShare (share: number | null | undefined): number | null {
  return share === null || share === undefined ? null : Math.min(1, share)
}
