// @ts-check
// The pages of reference in docs/ have the names that the package and the sources have.

import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import * as latchwork from 'latchwork'
import ts from 'typescript'
import explanations from '../../../pkg/wasm/latchwork.rules.mjs'
import { withFigures } from '../../../benches/tables.mjs'
import { PRODUCTS, indexPage, ruledPage } from '../../../scripts/rules.mjs'
import { instance } from '../support/instance.mjs'
import { samples, products, untyped } from '../support/samples.mjs'
import { root } from '../support/snippets.mjs'
import { transcriptsOf } from '../support/transcripts.mjs'

const { open } = untyped(latchwork)
const text = (/** @type {string} */ path) => readFileSync(join(root, path), 'utf8')

/** A section of a page, from its heading to the next of the same level. @param {string} page @param {string} heading */
function section(page, heading) {
  const [, body] = page.split(`\n## ${heading}\n`)
  assert.ok(body !== undefined, `no section "${heading}"`)
  return body.split('\n## ')[0]
}

/** The names in the first column of the tables of a text. @param {string} markdown */
const firstColumn = (markdown) => [...markdown.matchAll(/^\| ((?:`[^`]+`(?:, )?)+) \|/gm)].flatMap(([, cell]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name))

test('each model has a page', () => {
  assert.deepEqual([...PRODUCTS].sort(), [...products].sort())
  const pages = readdirSync(join(root, 'docs/models')).map((name) => name.replace('.md', ''))
  assert.deepEqual(pages.sort(), Object.keys(explanations).sort())
})

test('the index of the documentation lists the models: run `node scripts/rules.mjs` if it does not', () => {
  const { page, current } = indexPage()
  assert.equal(page, current)
})

for (const model of products) {
  const page = text(`docs/models/${model}.md`)

  test(`the page of ${model} lists the actions, levels and kinds of the built module, in their order`, () => {
    open(model, samples[model].records).dispose()
    const [actions, levels, , kinds] = instance.call((glue) => glue.vocabulary(model))
    assert.deepEqual(firstColumn(section(page, 'Actions')), actions)
    assert.deepEqual(firstColumn(section(page, 'Levels')), levels)
    // A model without forms needs no section about them.
    if (kinds.length > 0 || page.includes('\n## Bodies and forms\n')) assert.deepEqual(firstColumn(section(page, 'Bodies and forms')), kinds)
    for (const [, sentence] of section(page, 'Actions').matchAll(/^\| `.*\| ([^|]+) \|$/gm)) assert.match(sentence, /^[A-Z].*\.$/)
  })

  test(`the page of ${model} has the explanations of its rules: run \`node scripts/rules.mjs\` if it does not`, () => {
    const { page, current } = ruledPage(model)
    assert.equal(page, current)
    // vocabulary.test.mjs compares the explanations with the built module.
    assert.deepEqual(firstColumn(section(page, 'Rules')).sort(), Object.keys(/** @type {any} */ (explanations)[model]).sort())
  })
}

test('the page of rbac lists its rules', () => {
  const decisions = section(text('docs/models/rbac.md'), 'Decisions')
  const rules = [...decisions.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name)
  for (const rule of Object.keys(explanations.rbac)) assert.ok(rules.includes(rule), rule)
})

test('the page of each product with a directory has the requests of its documents', () => {
  // guides.test.mjs runs them.
  for (const [model, counts] of Object.entries({ arangodb: [16], meuse: [4], antmedia: [5], tyk: [4], wso2: [8] })) {
    assert.deepEqual(transcriptsOf(text(`docs/models/${model}.md`)).map(({ responses }) => responses.length), counts, model)
  }
})

/** The names that a file of types exports. @param {string} path */
function exportedNames(path) {
  const { statements } = ts.createSourceFile(path, text(path), ts.ScriptTarget.Latest, true)
  return statements.flatMap((/** @type {any} */ statement) => {
    if (ts.isExportDeclaration(statement)) return statement.exportClause && ts.isNamedExports(statement.exportClause) ? statement.exportClause.elements.map(({ name }) => name.text) : []
    const isExported = statement.modifiers?.some((/** @type {ts.Modifier} */ { kind }) => kind === ts.SyntaxKind.ExportKeyword)
    const isDefault = statement.modifiers?.some((/** @type {ts.Modifier} */ { kind }) => kind === ts.SyntaxKind.DefaultKeyword)
    if (!isExported || isDefault) return []
    if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map(({ name }) => name.getText())
    return [statement.name.text]
  })
}

/** The names of an interface's members. @param {string} path @param {string} name */
function members(path, name) {
  const { statements } = ts.createSourceFile(path, text(path), ts.ScriptTarget.Latest, true)
  const found = /** @type {any} */ (statements.find((/** @type {any} */ statement) => statement.name?.text === name))
  assert.ok(found, `${path} has no ${name}`)
  return [...new Set(found.members.map((/** @type {any} */ member) => member.name.getText()))]
}

test('the page of the API has every exported name; those of one model can be on the page of the model', () => {
  const page = text('docs/reference/api.md')
  const files = ['types', 'stores', 'filter'].flatMap((folder) => readdirSync(join(root, 'pkg', folder)).filter((name) => name.endsWith('.d.ts') || name.endsWith('.template')).map((name) => `pkg/${folder}/${name}`))
  assert.ok(new Set(files.flatMap(exportedNames)).size > 120)
  const missing = files.flatMap((path) => {
    const model = /^pkg\/types\/([a-z0-9]+)(?:-\w+)?\.d\.ts$/.exec(path)?.[1] ?? ''
    const pages = Object.hasOwn(explanations, model) ? page + text(`docs/models/${model}.md`) : page
    return exportedNames(path).filter((name) => !new RegExp(`\`${name}[\`(]`).test(pages))
  })
  assert.deepEqual(missing, [])
})

test('the page of the API has every member of an authorizer, a subject, a directory and a store', () => {
  const page = text('docs/reference/api.md')
  for (const [heading, path, name] of [['Authorizer', 'pkg/types/common.d.ts', 'Authorizer'], ['Subject', 'pkg/types/common.d.ts', 'Subject'], ['Directory', 'pkg/types/directory.d.ts', 'DirectoryParts'], ['Directory', 'pkg/types/directory.d.ts', 'Directory'], ['Stores', 'pkg/stores/store.d.ts', 'Store']]) {
    const body = section(page, heading)
    for (const member of members(path, name)) assert.ok(body.includes(`\`${member}\``) || body.includes(`\`${member}(`), `${name}.${member}`)
  }
})

/** The string literals of a union in the types. @param {string} name */
function codes(name) {
  const { statements } = ts.createSourceFile('errors.d.ts', text('pkg/types/errors.d.ts'), ts.ScriptTarget.Latest, true)
  const found = /** @type {any} */ (statements.find((/** @type {any} */ statement) => statement.name?.text === name))
  return found.type.types.map((/** @type {any} */ type) => type.literal.text)
}

test('the page of errors has every code, once, with its cause and its cure', () => {
  const page = text('docs/reference/errors.md')
  // `LatchworkCode` and `ProblemCode` are compared with the sources in vocabulary.test.mjs.
  assert.deepEqual(firstColumn(section(page, 'Errors')).sort(), codes('LatchworkCode').sort())
  assert.deepEqual(firstColumn(section(page, 'Problems')).sort(), codes('ProblemCode').sort())
  const guards = /pub enum Guard \{(.*?)\n {4}\}/s.exec(text('src/directory/rejection.rs'))?.[1] ?? ''
  const guardCodes = [...guards.matchAll(/= "(\w+)"/g)].map(([, code]) => code)
  assert.ok(guardCodes.length > 5)
  assert.deepEqual(firstColumn(section(page, 'Strict guards')), [...guardCodes, 'cross_site'])
  for (const [row] of page.matchAll(/^\| `.*$/gm)) assert.ok(row.split(' | ').every((cell) => cell.replace(/^\||\|$/g, '').trim().length > 2), row)
})

test('the pages of the command line and of errors have every code of a mistake', () => {
  const files = ['cli.mjs', ...readdirSync(join(root, 'pkg/cli')).map((name) => `cli/${name}`)]
  const found = files.flatMap((name) => [...text(`pkg/${name}`).matchAll(/(?:[mM]istake\(\s*|unreadable: )'(\w+)'/g)].map(([, code]) => code))
  assert.ok(found.length > 20)
  const known = new Set(firstColumn(text('docs/reference/errors.md') + section(text('docs/reference/cli.md'), 'Codes of mistakes')))
  assert.deepEqual(found.filter((code) => !known.has(code)), [])
  // The other way round: the page has no code that no command gives.
  assert.deepEqual(firstColumn(section(text('docs/reference/cli.md'), 'Codes of mistakes')).filter((code) => !found.includes(code)), [])
})

test('the figures of the README are those of the page of benchmarks', () => {
  const readme = text('README.md')
  assert.equal(readme, withFigures(readme, text('docs/reference/benchmarks.md')))
})

test('the page of limits has the limits of requests with their defaults', async () => {
  const { LIMITS } = await import('../../../pkg/directory/limits.mjs')
  const rows = [...section(text('docs/reference/limits.md'), 'Requests of a directory').matchAll(/^\| `(\w+)` \| ([\d,]+) /gm)].map(([, name, value]) => [name, Number(value.replaceAll(',', ''))])
  assert.deepEqual(Object.fromEntries(rows), { ...LIMITS })
})

test('each path that ARCHITECTURE.md names exists', () => {
  const page = text('ARCHITECTURE.md')
  const paths = [...page.matchAll(/`((?:src|pkg|tests|docs|www|xtask|benches|examples|scripts|fuzz)\/[\w./-]*)`/g)].map(([, path]) => path)
  assert.ok(paths.length > 20)
  // What the build writes is not there before it.
  const built = ['pkg/wasm', 'pkg/models', 'pkg/cjs', 'pkg/schemas']
  assert.deepEqual(paths.filter((path) => !existsSync(join(root, path)) && !built.some((folder) => path.startsWith(folder))), [])
})
