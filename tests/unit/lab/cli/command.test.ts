import { expect, test } from '@jest/globals'
import { chooseCommand, usageOf, UsageError, type Command } from '#lab/cli/command.ts'

const commandOf = (name: string): Command => ({
  name,
  synopsis: `${name} [--json]`,
  help: `\n${name}: does it`,
  run: async () => 0
})
const commands = [commandOf('ps'), commandOf('load')]

test('the first word chooses the command, the rest is the command\'s own', () => {
  expect(chooseCommand(['load', '--rate', '5', 'ps'], commands)).toEqual({ command: commands[1], args: ['--rate', '5', 'ps'] })
})

test.each([[['--help']], [['-h']], [['load', '--help']]])('%j asks for help', args => {
  expect(chooseCommand(args, commands)).toBeNull()
})

test.each([[[], 'no command'], [['top'], 'unknown command "top"'], [['--json', 'ps'], 'unknown command "--json"']])('%j is refused', (args, reason) => {
  expect(() => chooseCommand(args, commands)).toThrow(UsageError)
  expect(() => chooseCommand(args, commands)).toThrow(reason)
})

test('the usage names every command and what its exit code means', () => {
  expect(usageOf(commands)).toBe(`Usage: lab ps [--json]
       lab load [--json]

ps: does it

load: does it

Exit code: 0 = fine, 1 = something did not hold, 2 = wrong usage, or the lab does not answer or refuses.
`)
})
