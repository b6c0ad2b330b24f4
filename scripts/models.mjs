// @ts-check
// The models, from the one list in Cargo.toml, with what the first lines of their pages in docs/models/ say of them.

import { readFileSync } from 'node:fs'

const root = new URL('../', import.meta.url)

/** @param {string} path from the root */
export const textOf = (path) => readFileSync(new URL(path, root), 'utf8')

const [, listed] = /^models = \[(.*)\]$/m.exec(textOf('Cargo.toml')) ?? []
if (listed === undefined) throw new Error('Cargo.toml has no line `models = [...]`')

/** The names of all models. `rbac`, which is for most readers, comes first. */
export const MODELS = listed.split(', ').map((name) => name.replaceAll('"', '')).sort((one, other) => Number(other === 'rbac') - Number(one === 'rbac'))

/** Where the documentation of a model is. @param {string} model */
export const pageOf = (model) => `docs/models/${model}.md`

/**
 * What a model is called, and what it is for: the title of its page, and the comment below it.
 * @param {string} model @returns {{ title: string, purpose: string }}
 */
export function described(model) {
  const [, title, purpose] = /^# (.+) \(`\w+`\)\n\n<!-- (.+) -->\n/.exec(textOf(pageOf(model))) ?? []
  if (title === undefined) throw new Error(`${pageOf(model)} does not begin with its title and a comment that says what the model is for`)
  return { title, purpose }
}
