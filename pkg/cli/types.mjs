// @ts-check
// `latchwork types`: the names that a document defines, as a type for `open`.

import { fstatSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArguments } from './arguments.mjs'
import { openDocument } from './document.mjs'
import { Mistake } from './mistake.mjs'

export const HELP = `usage: latchwork types FILE [--out PATH]

Checks a document of \`latchwork/rbac\`, and writes the names that it defines as a type.

  FILE               the document as JSON: policy.json
  --out PATH         where to write: policy.types.d.ts (default, beside the document), - for the
                     standard output; the document itself is refused
  --help, -h         this text

With policy.types.d.ts beside policy.json, an action, role, group or type of resource that the
document does not define does not compile:

  import { open } from 'latchwork/rbac'
  import policy from './policy.json' with { type: 'json' }
  import type { Policy } from './policy.types.js'

  const app = open<Policy>(policy)    // or open<Policy>(JSON.parse(text))

Run it again when the document changes. If the document is not valid, its problems are printed with
their places, and nothing is written.

Exit code: 0, 1 if the document is not valid, 2 if an argument or a file name is wrong.`

/** @type {import('./arguments.mjs').Form} */
const FORM = { usage: 'latchwork types FILE', files: ['the document'], options: { out: 'PATH' } }

/** @param {string[]} typed @returns {number} the exit code */
export function run(typed) {
  const args = parseArguments(typed, FORM)
  if (args === 'help') return console.log(HELP), 0
  const [file] = args.files
  const out = args.given.get('out') ?? `${file.replace(/\.json$/i, '')}.types.d.ts`
  if (out !== '-' && isSameFile(file, out)) throw new Mistake('invalid_value', `\`${out}\` is the document itself, which the types would overwrite: type another \`--out PATH\``)
  writeTypes(openDocument(file), out)
  return 0
}

/** Numbers of files can be too large for a `number`. */
const EXACT = /** @type {const} */ ({ bigint: true })

/** @param {import('node:fs').BigIntStats} one @param {import('node:fs').BigIntStats} other */
const isSame = (one, other) => one.dev === other.dev && one.ino === other.ino

/** Whether two paths lead to one file, also through links. @param {string} one @param {string} other */
function isSameFile(one, other) {
  try {
    return isSame(statSync(one, EXACT), statSync(other, EXACT))
  } catch {
    // One of them does not exist, or reading or writing it fails with a better message.
    return false
  }
}

/** @param {import('./document.mjs').Document} document @param {string} out */
function writeTypes({ file, value, authorizer }, out) {
  const text = typesOf(value, authorizer.vocabulary(), file)
  if (out === '-' || isStandardOutput(out)) return process.stdout.write(text)
  // A watcher sees a change only if there is one.
  if (contentOf(out) === text) return console.log(`${out} is up to date`)
  try {
    writeFileSync(out, text)
  } catch (error) {
    throw new Mistake('unwritable_file', `\`${out}\` cannot be written (${/** @type {NodeJS.ErrnoException} */ (error).code}): type another \`--out PATH\``)
  }
  console.log(`wrote ${out}`)
}

/** Whether a path such as `/dev/stdout` leads to the standard output, where a message would follow the types. @param {string} path */
function isStandardOutput(path) {
  try {
    return isSame(statSync(path, EXACT), fstatSync(process.stdout.fd, EXACT))
  } catch {
    return false
  }
}

/** The content of a file; undefined if it cannot be read. A pipe or a device could be read without end. @param {string} path */
function contentOf(path) {
  try {
    return statSync(path).isFile() ? readFileSync(path, 'utf8') : undefined
  } catch {
    // It does not exist, or writing it fails with a better message.
    return undefined
  }
}

/**
 * The type of a document, as text.
 * @param {any} document
 * @param {{ levels: string[] }} vocabulary of the document
 * @param {string} file
 */
function typesOf(document, { levels }, file) {
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
