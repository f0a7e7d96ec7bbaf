/** How each kind of number is written on a chart, and how high its axis is at least. Pure. */
import {
  formatBytes,
  formatCores,
  formatCount,
  formatLimitBytes,
  formatMs,
  formatRate,
  formatShare
} from '#lab/format.ts'

const MIB = 1024 ** 2

export interface Scale {
  format: (value: number | null) => string
  formatAxis: (value: number) => string
  formatLimit: (limit: number) => string
  /** The highest value of the axis is at least this. */
  least: number
  /** Steps between the lines of the axis, smallest first; without them, decimal steps. */
  steps?: number[]
  /** Each step is ten times the one before: for values of which the largest would hide the others. */
  isLogarithmic?: boolean
}

export const bytes: Scale = {
  format: formatBytes,
  formatAxis: formatLimitBytes,
  formatLimit: formatLimitBytes,
  least: 16 * MIB,
  steps: [4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 65_536].map(mib => mib * MIB)
}

export const cores: Scale = {
  format: formatCores,
  formatAxis: cores => String(Math.round(cores * 1000) / 1000),
  formatLimit: cores => `${formatCores(cores)} CPUs`,
  least: 0.1
}

/** With the room that a chart leaves above its highest line, the axis ends at 100 %. */
export const share: Scale = { format: formatShare, formatAxis: formatShare, formatLimit: formatShare, least: 1 / 1.12 }

export const count: Scale = {
  format: formatCount,
  formatAxis: formatCount,
  formatLimit: formatCount,
  least: 1,
  steps: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000, 100_000]
}

/** Limits on tasks are usually powers of two. */
export const tasks: Scale = { ...count, least: 10, steps: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 16_384] }

export const milliseconds: Scale = { format: formatMs, formatAxis: axisMs, formatLimit: formatMs, least: 10 }

export const rate: Scale = { format: formatRate, formatAxis: formatRate, formatLimit: formatRate, least: 10 }

/** The numbers of an axis are round, and are written without trailing zeros. */
function axisMs (ms: number): string {
  return ms >= 1000 ? `${Number((ms / 1000).toFixed(2))} s` : `${Number(ms.toFixed(2))} ms`
}
