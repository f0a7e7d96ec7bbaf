import type { ExperimentView } from '#lab/wire/experiments.ts'
import { askLab } from './ask.ts'
import { readOptions, type Command } from './command.ts'

export const experimentsCommand: Command = {
  name: 'experiments',
  synopsis: 'experiments [--json]',
  help: `
experiments: lists the experiments, each with the choices for a prediction
  --json    as JSON`,
  run: async (args, { url, terminal }) => {
    const { json = false } = readOptions(args, { json: { type: 'boolean' } }).values
    const { experiments } = await askLab<{ experiments: ExperimentView[] }>(`${url}/api/experiments`)
    terminal.print(json ? `${JSON.stringify(experiments)}\n` : experiments.map(textOf).join('\n'))
    return 0
  }
}

function textOf ({ id, question, choices, seconds }: ExperimentView): string {
  const width = Math.max(...choices.map(({ id }) => id.length))
  const lines = choices.map(({ id, text }) => `    ${id.padEnd(width)}   ${text}`)
  return [`${id}   about ${seconds} s`, `  ${question}`, ...lines, ''].join('\n')
}
