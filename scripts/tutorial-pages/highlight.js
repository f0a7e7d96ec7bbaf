// JavaScript, because the package's types would bring those of a browser into every file that is checked for Node.
import hljs from 'highlight.js/lib/core'
import bash from 'highlight.js/lib/languages/bash'
import c from 'highlight.js/lib/languages/c'
import javascript from 'highlight.js/lib/languages/javascript'
import yaml from 'highlight.js/lib/languages/yaml'

for (const [name, language] of Object.entries({ bash, c, javascript, yaml })) hljs.registerLanguage(name, language)

export function highlighted (code, language) {
  return hljs.getLanguage(language) ? hljs.highlight(code, { language }).value : null
}
