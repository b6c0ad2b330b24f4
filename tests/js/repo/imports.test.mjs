// @ts-check
// Imports of the package's files: no cycles, and no file outside of the package.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { posix } from 'node:path'
import { test } from 'node:test'
import ts from 'typescript'

const pkg = new URL('../../../pkg/', import.meta.url)
const files = readdirSync(pkg, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.mjs') && !/(^|\/)node_modules\/|^examples\/|\.inline\.mjs$/.test(path))

/** The relative files that a file imports or exports from, with `import(…)` or without. @param {string} path */
function importsOf(path) {
  /** @type {string[]} */
  const found = []
  const add = (/** @type {ts.Node | undefined} */ specifier) => {
    if (specifier && ts.isStringLiteral(specifier) && specifier.text.startsWith('.')) found.push(posix.join(posix.dirname(path), specifier.text))
  }
  const visit = (/** @type {ts.Node} */ node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier)
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0])
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, readFileSync(new URL(path, pkg), 'utf8'), ts.ScriptTarget.Latest, false, ts.ScriptKind.JS))
  return found
}

/** A path that leads from a file back to itself. @param {Map<string, string[]>} imports */
function cycleIn(imports) {
  /** @type {Set<string>} */
  const left = new Set()
  /** @param {string} file @param {string[]} way @returns {string[] | undefined} */
  const visit = (file, way) => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file]
    if (left.has(file)) return undefined
    for (const next of imports.get(file) ?? []) {
      const cycle = visit(next, [...way, file])
      if (cycle) return cycle
    }
    left.add(file)
    return undefined
  }
  for (const file of imports.keys()) {
    const cycle = visit(file, [])
    if (cycle) return cycle
  }
  return undefined
}

test('no file of the package imports itself through others', () => {
  const imports = new Map(files.map((path) => [path, importsOf(path)]))
  assert.ok(imports.size > 60 && imports.get('core/authorizer.mjs')?.includes('core/subject.mjs'))
  assert.deepEqual(cycleIn(imports), undefined)
})

test('a cycle of imports is detected', () => {
  assert.deepEqual(cycleIn(new Map([['a', ['b', 'c']], ['b', []], ['c', ['d']], ['d', ['a']]])), ['a', 'c', 'd', 'a'])
})
