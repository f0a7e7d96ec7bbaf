import type { LabCost } from './lab-cost.ts'
import type { MonitorCost } from './monitors/cost.ts'

/** Microseconds of CPU per container and sample. */
export interface Row {
  containers: number
  bareUs: number
  lab: LabCost
  labWithBrowser: LabCost
  dockerStatsUs: number
  netdata: MonitorCost
  cadvisor: MonitorCost
}

/** What each of them costs, the ratios that can be compared with another machine's, and what could not be measured. */
export function tables (rows: Row[]): string {
  const costs = table(['containers', 'bare reads', 'lab', 'lab, one browser', 'lab, whole process', 'docker stats',
    'netdata', 'cAdvisor'], rows.map(costCells))
  const ratios = table(['containers', 'lab / bare reads', 'one browser / none', 'lab / docker stats',
    'whole lab / netdata', 'whole lab / cAdvisor'], rows.map(ratioCells))
  return [costs, ratios, ...notes(rows)].join('\n\n')
}

function costCells ({ containers, bareUs, lab, labWithBrowser, dockerStatsUs, netdata, cadvisor }: Row): string[] {
  const ours = [bareUs, lab.samplerUs, labWithBrowser.samplerUs, lab.processUs, dockerStatsUs]
  const ofMonitors = [netdata, cadvisor].map(cost => cell(cost, us => us.toFixed(0)))
  return [String(containers), ...ours.map(us => us.toFixed(0)), ...ofMonitors]
}

function ratioCells ({ containers, bareUs, lab, labWithBrowser, dockerStatsUs, netdata, cadvisor }: Row): string[] {
  const ours = [lab.samplerUs / bareUs, labWithBrowser.samplerUs / lab.samplerUs, lab.samplerUs / dockerStatsUs]
  const ofMonitor = (cost: MonitorCost): string => cell(cost, us => (lab.processUs / us).toFixed(3))
  return [String(containers), ...ours.map(ratio => ratio.toFixed(3)), ofMonitor(netdata), ofMonitor(cadvisor)]
}

function cell (cost: MonitorCost, show: (us: number) => string): string {
  return 'us' in cost ? show(cost.us) : 'not run'
}

function notes (rows: Row[]): string[] {
  return rows.flatMap(({ containers, netdata, cadvisor }) => Object.entries({ netdata, cAdvisor: cadvisor })
    .map(([name, cost]) => 'us' in cost
      ? `${name} read each of ${containers} containers ${cost.readingsPerSecond.toFixed(2)} times a second.`
      : `${name}, ${containers} containers, not run: ${cost.notRun}`))
}

function table (head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}
