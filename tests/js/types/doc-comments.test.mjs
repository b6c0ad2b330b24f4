// @ts-check
// What an editor shows over a name: each method, action, level and kind of record has a comment.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import ts from 'typescript'

const folder = new URL('../../../pkg/types/', import.meta.url)
/** Members of a model's type that list words. */
const WORDS = ['action', 'level', 'kind']

/** The methods and words of a file, each with whether a comment stands before it. @param {string} name */
function describedIn(name) {
  const text = readFileSync(new URL(name, folder), 'utf8')
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true)
  /** @type {{ what: string, isDescribed: boolean }[]} */
  const found = []
  const isDescribed = (/** @type {number} */ from, /** @type {number} */ until) => text.slice(from, until).trimStart().replace(/^\|\s*/, '').startsWith('/**')

  /** @param {ts.Node} node */
  const visit = (node) => {
    const { parent } = node
    if ((ts.isMethodSignature(node) || ts.isMethodDeclaration(node)) && (ts.isInterfaceDeclaration(parent) || ts.isClassDeclaration(parent))) {
      found.push({ what: `${parent.name?.text}.${node.name.getText()}`, isDescribed: isDescribed(node.pos, node.getStart()) })
    }
    if (ts.isPropertySignature(node) && WORDS.includes(node.name.getText()) && node.type && ts.isUnionTypeNode(node.type) && /** @type {any} */ (parent).name?.text === 'Model') {
      let from = node.type.pos
      for (const word of node.type.types) {
        found.push({ what: `${node.name.getText()} ${word.getText()}`, isDescribed: isDescribed(from, word.getStart()) })
        from = word.end
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

test('each method, action, level and kind of the types has a comment', () => {
  const found = readdirSync(folder).filter((name) => name.endsWith('.d.ts')).flatMap((name) => describedIn(name).map((word) => ({ ...word, what: `${name}: ${word.what}` })))
  assert.ok(found.length > 150, String(found.length))
  assert.deepEqual(found.filter(({ isDescribed }) => !isDescribed).map(({ what }) => what), [])
})
