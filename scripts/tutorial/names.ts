/** What the stack of a run has instead of what the reader's has. */
export interface RunNames {
  project: string
  apiPort: number
  labPort: number
  tag: string
  /** Of the clone. */
  directory: string
}

const READER = { project: 'limits-lab', apiPort: 3000, labPort: 8080, tag: 'dev', directory: '~/limits-lab' }

/** `127.0.0.1:3000`, and `/dev/tcp/127.0.0.1/3000`. */
const ADDRESS = /((?:127\.0\.0\.1|localhost)[:/])(3000|8080)(?!\d)/g

/** Puts the ports of this run into commands, except into what runs in a container: there the reader's are right. */
export function withRunPorts (commands: string, { apiPort, labPort }: RunNames): string {
  return commands.replace(ADDRESS, (address, host: string, port: string, at: number) => {
    if (isInContainer(commands.slice(0, at))) return address
    return host + (Number(port) === READER.apiPort ? apiPort : labPort)
  })
}

/** For a run with images that are there: `docker compose up --build` builds none. */
export function withoutBuild (commands: string): string {
  return commands.replaceAll(/(\bdocker compose\b[^\n|;&]* up\b[^\n|;&]*?) --build\b/g, '$1')
}

/** Whether what follows this text still belongs to a `docker … exec` or `run` in it. */
function isInContainer (before: string): boolean {
  const exec = [...before.matchAll(/\bdocker(?: compose)?(?: -\S+)* (?:exec|run)\b/g)].at(-1)
  if (exec === undefined) return false
  const between = before.slice(exec.index).replaceAll('\\\n', ' ').replaceAll(/'[^']*'|"(?:\\.|[^"\\])*"/g, '')
  return !/[|;&\n)]/.test(between.replace(/['"][^]*$/, ''))
}

/** Puts the reader's names back into an output, and leaves the ports. */
export function withReaderNames (output: string, { project, tag, directory }: RunNames): string {
  const withPaths = withoutColours(output).replaceAll(directory, READER.directory)
  return renamed(renamed(withPaths, tag, READER.tag), project, READER.project)
}

/** A column keeps its width when a name in it becomes shorter. */
function renamed (output: string, from: string, to: string): string {
  return output.replaceAll(new RegExp(`${from}([\\w.-]*)( {2,})?`, 'g'), (_all, rest: string, spaces?: string) =>
    to + rest + (spaces ?? '').padEnd(spaces === undefined ? 0 : spaces.length + from.length - to.length))
}

/** Puts the reader's names and ports back. */
export function withReader (output: string, names: RunNames): string {
  return withReaderNames(output, names)
    .replaceAll(new RegExp(`(?<=[:=/])${names.apiPort}(?!\\d)`, 'g'), String(READER.apiPort))
    .replaceAll(new RegExp(`(?<=[:=/])${names.labPort}(?!\\d)`, 'g'), String(READER.labPort))
}

function withoutColours (text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll(/\x1b\[[0-9;?]*[A-Za-z]/g, '').replaceAll('\r\n', '\n')
}
