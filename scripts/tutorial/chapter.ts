import MarkdownIt from 'markdown-it'
import { readBlock, type Block, type Expected, type Step } from './block.ts'
import { readComments, type Comment, type Meta } from './comment.ts'
import type { Problem } from './problem.ts'

export type Part = Step | Exclude<Comment, Meta>

/** A Markdown file: a chapter of the tutorial, or another document with commands. */
export interface Chapter {
  path: string
  title: string | null
  /** The sections' names, in their order. */
  headings: string[]
  /** Only chapters of the tutorial say it. */
  meta: Meta | null
  parts: Part[]
  blocks: Block[]
}

export interface Read {
  chapter: Chapter
  problems: Problem[]
}

const markdown = new MarkdownIt({ html: true })

/** What cannot be understood is a problem, never left out. */
export function readChapter (path: string, text: string): Read {
  const chapter: Chapter = { path, title: null, headings: [], meta: null, parts: [], blocks: [] }
  const problems: Problem[] = []
  const lines = text.split('\n')
  let lastStep: Step | null = null
  const complain = (line: number, message: string): void => {
    problems.push({ path, line, message, details: [] })
  }

  const tokens = markdown.parse(text, {})
  for (const [i, token] of tokens.entries()) {
    const line = (token.map?.[0] ?? 0) + 1
    const guarded = (read: () => void): void => {
      try { read() } catch (err) { complain(line, (err as Error).message) }
    }
    if (token.type === 'heading_open') {
      lastStep = null
      const heading = tokens[i + 1]!.content
      if (token.tag === 'h1') chapter.title ??= heading
      if (token.tag === 'h2') chapter.headings.push(heading)
    } else if (token.type === 'fence') {
      guarded(() => {
        const block = readBlock(token.info, token.content, line)
        chapter.blocks.push(block)
        if (block.step !== null) chapter.parts.push(lastStep = block.step)
        else if (block.expects !== null) {
          if (lastStep === null) throw new Error('an output without a step before it; a drawing is a block of "diagram"')
          addExpected(lastStep, { ...block.expects, line: line + 1, indent: /^\s*/.exec(lines[line - 1]!)![0] })
        }
      })
    } else if (token.type === 'html_block') {
      if (/^\s*(```|~~~)/m.test(token.content.replaceAll(/<!--[^]*?-->/g, ''))) {
        complain(line, 'a block within HTML is not seen as one: leave an empty line between them')
      }
      guarded(() => {
        for (const comment of readComments(token.content, line)) {
          if (comment.kind === 'chapter') chapter.meta = comment
          else chapter.parts.push(comment)
        }
      })
    } else if (token.children?.some(({ type, content }) => type === 'html_inline' && content.startsWith('<!--'))) {
      complain(line, 'a comment within a line is not read: it needs a line of its own')
    }
  }
  return { chapter, problems }
}

/** The chapter with more time for everything in it. */
export function withPatience (chapter: Chapter, patience: number): Chapter {
  const parts = chapter.parts.map(part => ({ ...part, withinSeconds: part.withinSeconds * patience }))
  return { ...chapter, parts }
}

/** A step has one output, or one for each version of cgroups. */
function addExpected (step: Step, expected: Expected): void {
  const excludes = ({ cgroup }: Expected): boolean =>
    cgroup === null || expected.cgroup === null || cgroup === expected.cgroup
  if (step.expected.some(excludes)) throw new Error('a second output of the same step')
  step.expected.push(expected)
}
