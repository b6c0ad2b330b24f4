// @ts-check
// `latchwork types`: the names that a document defines, as a type for `open`.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { open } from '../models/rbac.mjs'
import { jsonOf } from './json-file.mjs'
import { Mistake } from './settings.mjs'
import { suggestion } from './suggestion.mjs'

export const HELP = `usage: latchwork types FILE [--out PATH]

Checks a document of \`latchwork/rbac\`, and writes the names that it defines as a type.

  FILE               the document as JSON: policy.json
  --out PATH         where to write: policy.types.d.ts (default, beside the document), - for the
                     standard output
  --help, -h         this text

With policy.types.d.ts beside policy.json, an action, role, group or type of resource that the
document does not define does not compile:

  import { open } from 'latchwork/rbac'
  import policy from './policy.json' with { type: 'json' }
  import type { Policy } from './policy.types.js'

  const app = open<Policy>(policy)    // or open<Policy>(JSON.parse(text))

Run it again when the document changes. If the document is wrong, its problems are printed with
their places, nothing is written, and the exit code is 1.`

const OPTIONS = ['out', 'help']

/**
 * @param {string[]} words what was typed behind the command
 * @returns {{ file: string, out: string } | 'help'}
 */
export function typesSettingsOf(words) {
  const { tokens } = parseArgs({ args: words, options: { out: { type: 'string' }, help: { type: 'boolean', short: 'h' } }, strict: false, allowPositionals: true, tokens: true })
  /** @type {string[]} */
  const files = []
  /** @type {string | undefined} */
  let out
  for (const token of tokens) {
    if (token.kind === 'positional') files.push(token.value)
    if (token.kind !== 'option') continue
    if (token.name === 'help') return 'help'
    if (token.name !== 'out') throw new Mistake('unknown_option', `unknown option \`${token.rawName}\`${suggestion(token.name, OPTIONS, '--') || ': expected `--out PATH`'}`)
    if (out !== undefined) throw new Mistake('duplicate_option', '`--out` is given twice: leave one')
    if (!token.value) throw new Mistake('missing_value', '`--out` has no value: type `--out PATH`, or `--out -` for the standard output')
    out = token.value
  }
  if (files.length === 0) throw new Mistake('missing_file', 'the document is not named: type `latchwork types FILE`')
  if (files.length > 1) throw new Mistake('unexpected_argument', `\`${files[1]}\` is a second file: type one, and \`--out PATH\` for where to write`)
  return { file: files[0], out: out ?? `${files[0].replace(/\.json$/i, '')}.types.d.ts` }
}

/** @param {{ file: string, out: string }} settings */
export function writeTypes({ file, out }) {
  const text = textOf(file)
  if (out === '-') return process.stdout.write(text)
  // A watcher sees a change only if there is one.
  if (existsSync(out) && readFileSync(out, 'utf8') === text) return console.log(`${out} is up to date`)
  try {
    writeFileSync(out, text)
  } catch (error) {
    throw new Mistake('unwritable_file', `\`${out}\` cannot be written (${/** @type {NodeJS.ErrnoException} */ (error).code}): type another \`--out PATH\``)
  }
  console.log(`wrote ${out}`)
}

/** The type of the document in a file, as text. @param {string} file */
function textOf(file) {
  try {
    return typesOf(jsonOf(file, 'the document', 'unreadable_file', 'type `latchwork types FILE` with a document as JSON'), file)
  } catch (error) {
    if (error instanceof Mistake && ['malformed_json', 'invalid_records'].includes(error.code)) error.exitCode = 1
    throw error
  }
}

/**
 * The type of a document, as text.
 * @param {any} document
 * @param {string} file
 */
export function typesOf(document, file) {
  const { levels } = checked(document, file)
  const name = basename(file).replaceAll(/[^\w. -]/g, '?')
  const members = [
    `levels: [${levels.map(quoted).join(', ')}];`,
    `actions: ${object(document.actions, (level) => (level === null ? 'null' : quoted(level)))};`,
    ...(document.resources ? [`resources: ${object(document.resources, quoted)};`] : []),
    `roles: ${object(document.roles, () => '{}')};`,
    `groups: ${object(document.groups, () => '{}')};`,
  ]
  const lines = [
    `// Written by \`latchwork types ${name}\`. Run it again when the document changes.`,
    "import type { RbacTyped } from 'latchwork/rbac';",
    '',
    `/** A document with the names that \`${name}\` defines: \`open<Policy>(document)\`. */`,
    'export type Policy = RbacTyped<{',
    ...members.map((member) => `  ${member}`),
    '}>;',
    '',
  ]
  return lines.join('\n')
}

/** The words of a document; a mistake with all of its problems, if it is not valid. @param {any} document @param {string} file */
function checked(document, file) {
  try {
    const authorizer = open(document)
    const words = authorizer.vocabulary()
    authorizer.dispose()
    return words
  } catch (error) {
    const { code, problems } = /** @type {import('latchwork').LatchworkError} */ (error)
    if (code !== 'invalid_records') throw error
    throw new Mistake(code, `the document \`${file}\` is not valid`, problems)
  }
}

/**
 * The members of an object with the type of each.
 * @param {Record<string, any> | undefined} members
 * @param {(value: any) => string} type
 */
function object(members, type) {
  const lines = Object.entries(members ?? {}).map(([name, value]) => `    ${/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name)}: ${type(value)};\n`)
  return lines.length === 0 ? '{}' : `{\n${lines.join('')}  }`
}

/** A text as a type. @param {string} text */
function quoted(text) {
  return /['\\\u0000-\u001f\u2028\u2029]/.test(text) ? JSON.stringify(text) : `'${text}'`
}
