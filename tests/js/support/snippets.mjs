// @ts-check
// JavaScript snippets of Markdown files: they run, and each value that a comment states is asserted.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../..', import.meta.url))

/** What a page has and Node has not. */
const FETCH_WASM = new URL('fetch-wasm.mjs', import.meta.url).href

/** A line such as `ann.canId(mayStart) // true`. */
const CLAIM = /^( *)(\S.*) \/\/ (true|false|\d+|'[^']*')$/gm

/** The JavaScript blocks of a Markdown text. @param {string} markdown */
export function snippetsOf(markdown) {
  return [...markdown.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code)
}

/** The number of values that the comments of a snippet state. @param {string} code */
export function claimsOf(code) {
  return (code.match(CLAIM) ?? []).length
}

/** Runs a snippet in a process of its own; throws where a stated value differs. @param {string} code */
export function runSnippet(code) {
  const checked = code.replace(CLAIM, (_line, indent, expression, value) => `${indent}assert.equal(${expression}, ${value})`)
  const program = `import assert from 'node:assert/strict'\n${checked}`
  execFileSync(process.execPath, ['--import', FETCH_WASM, '--input-type=module', '--eval', program], { cwd: root, stdio: 'pipe' })
}

/** Checks the types of snippets, strictly. @param {string[]} snippets */
export function checkTypes(snippets) {
  const folder = mkdtempSync(join(root, 'tests/js/snippets-'))
  try {
    const files = snippets.map((code, index) => {
      const file = join(folder, `snippet-${index + 1}.mjs`)
      writeFileSync(file, code)
      return file
    })
    const options = ['--noEmit', '--allowJs', '--checkJs', '--strict', '--target', 'es2022', '--lib', 'es2023,esnext.disposable,dom,dom.iterable', '--module', 'nodenext', '--types', 'node', '--skipLibCheck']
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options, ...files], { cwd: root, stdio: 'pipe', encoding: 'utf8' })
  } catch (error) {
    throw new Error(/** @type {any} */ (error).stdout)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
