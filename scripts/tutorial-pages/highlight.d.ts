/** HTML in which the parts of the code have classes; `null`: the language is none of those that chapters use. */
export function highlighted (code: string, language: string): string | null
