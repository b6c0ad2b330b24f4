// @ts-check
// Words, codes, types and explanations that are in several places agree.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import * as latchwork from 'latchwork'
import ts from 'typescript'
import words from '../../../pkg/wasm/latchwork.rules.mjs'
import { instance } from '../support/instance.mjs'
import { samples, products, untyped } from '../support/samples.mjs'

const { open, vocabulary, LatchworkError } = untyped(latchwork)

const root = new URL('../../../', import.meta.url)
const text = (/** @type {string} */ path) => readFileSync(new URL(path, root), 'utf8')
const scripts = ['pkg', 'pkg/core', 'pkg/entries', 'pkg/password', 'pkg/directory', 'pkg/stores', 'pkg/filter', 'pkg/testing', 'pkg/cli'].flatMap((folder) => readdirSync(new URL(folder, root)).filter((name) => name.endsWith('.mjs')).map((name) => `${folder}/${name}`))

/** The words of a system as the built module has them. @param {string} system */
function builtWords(system) {
  open(system, {}).dispose()
  const [actions, levels, rules, kinds] = instance.call((glue) => glue.vocabulary(system))
  return { actions, levels, rules, kinds }
}

/** The statements of a file of types. @param {string} path */
const statementsOf = (path) => ts.createSourceFile(path, text(path), ts.ScriptTarget.Latest, true).statements

/** @param {string} name @param {string} [path] @returns {any} */
function declared(name, path = 'pkg/types/common.d.ts') {
  const found = statementsOf(path).find((statement) => /** @type {any} */ (statement).name?.text === name)
  assert.ok(found, `${path} declares no ${name}`)
  return found
}

/** The functions and classes that a file of types exports, by name, with those that it passes on as values. @param {string} path @returns {string[]} */
function exportedValues(path) {
  const names = statementsOf(path).flatMap((/** @type {any} */ statement) => {
    if (ts.isExportDeclaration(statement) && !statement.isTypeOnly && statement.exportClause && ts.isNamedExports(statement.exportClause)) return statement.exportClause.elements.map(({ name }) => name.text)
    return ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) ? [/** @type {any} */ (statement).name.text] : []
  })
  return [...new Set(names)].sort()
}

/** The strings of a union type; none of `never`. @param {any} type @returns {string[]} */
function strings(type) {
  if (ts.isUnionTypeNode(type)) return type.types.flatMap(strings)
  if (type.kind === ts.SyntaxKind.NeverKeyword) return []
  assert.ok(ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal), `not a word: ${type.getText()}`)
  return [type.literal.text]
}

/** @param {any} object @param {string} name */
const member = (object, name) => object.members.find((/** @type {any} */ member) => member.name.text === name).type

test('the types have the systems of the built module', () => {
  const names = declared('Systems', 'pkg/models/systems.d.ts').members.map((/** @type {any} */ system) => system.name.text)
  assert.deepEqual(names, [...products, 'rbac'].sort())
  assert.deepEqual(Object.keys(words).sort(), [...names].sort())
  try {
    open('nonsense', {})
    assert.fail('it was opened')
  } catch (error) {
    assert.match(/** @type {Error} */ (error).message, new RegExp(`expected ${names.slice(0, -1).join(', ')} or ${names.at(-1)}$`))
  }
})

for (const system of products) {
  test(`the types have exactly the actions, levels and kinds of ${system}, in their order`, () => {
    const built = builtWords(system)
    const types = declared('Model', `pkg/types/${system}.d.ts`)
    assert.deepEqual(strings(member(types, 'action')), built.actions)
    assert.deepEqual(strings(member(types, 'level')), built.levels)
    assert.deepEqual(strings(member(types, 'kind')), built.kinds)
    assert.deepEqual(vocabulary(system), { actions: built.actions, levels: built.levels, rules: built.rules })
  })

  test(`every rule of ${system} has one explanation with its source`, () => {
    const { rules } = builtWords(system)
    assert.deepEqual(Object.keys(/** @type {any} */ (words)[system]).sort(), [...rules].sort())
    assert.equal(new Set(rules).size, rules.length)
    for (const rule of rules) {
      const { text, document, heading, ...rest } = /** @type {any} */ (words)[system][rule]
      assert.deepEqual(rest, {}, rule)
      for (const value of [text, document, heading]) assert.ok(typeof value === 'string' && value.trim() === value && value.length > 2, rule)
    }
    const keys = [...text(`src/systems/${system}/words.json`).matchAll(/^ {2}"([^"]+)":/gm)].map(([, key]) => key)
    assert.deepEqual(keys.sort(), [...rules].sort(), 'a rule occurs twice in words.json')
  })

  test(`an explanation of ${system} has the text and source of its rule`, () => {
    const { records, user, allowed, denied } = samples[system]
    const subject = open(system, records).subject(user)
    for (const asked of [allowed, denied]) {
      const { text, citation, ...decision } = subject.explain(...asked)
      assert.deepEqual(decision, subject.decide(...asked))
      const { text: expected, document, heading } = /** @type {any} */ (words)[system][decision.rule]
      assert.deepEqual({ text, citation }, { text: expected, citation: { document, heading } })
    }
  })
}

test('ProblemCode has exactly the codes of problems in the sources', () => {
  const core = [...text('src/document/problem.rs').matchAll(/^ {8}[A-Z]\w+ = "(\w+)"/gm)].map(([, code]) => code)
  const ours = [...text('pkg/core/json.mjs').matchAll(/(?:problem|nothing)\('(\w+)'|code: '(\w+)'/g)].map(([, one, other]) => one ?? other)
  assert.ok(core.length > 15 && ours.includes('unreadable'))
  assert.deepEqual(strings(declared('ProblemCode', 'pkg/types/errors.d.ts').type).sort(), [...new Set([...core, ...ours])].sort())
})

test('LatchworkCode has exactly the codes of errors in the sources', () => {
  const core = [...`${text('src/error.rs')}${text('src/password/error.rs')}`.matchAll(/=> "(\w+)"/g)].map(([, code]) => code)
  const named = readdirSync(new URL('src', root), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.rs'))
    .flatMap((path) => [...text(`src/${path}`).matchAll(/\bcode: "(\w+)"/g)].map(([, code]) => code))
  // The only one of those in which the directory's core answers a request that a host makes by a method.
  const asked = [...text('src/directory/first_records.rs').matchAll(/error_response\(409, "(\w+)"/g)].map(([, code]) => code)
  // And of the guards' the only one by which records are refused that a host seeds.
  asked.push(.../^ +NoAdmin = "(\w+)"/m.exec(text('src/directory/rejection.rs'))?.slice(1) ?? [])
  const ours = scripts.flatMap((path) => [...text(path).matchAll(/new LatchworkError\(\s*'(\w+)'/g)].map(([, code]) => code))
  assert.ok(core.length > 5 && named.length > 1 && ours.length > 10)
  assert.deepEqual(strings(declared('LatchworkCode', 'pkg/types/errors.d.ts').type).sort(), [...new Set([...core, ...named, ...asked, ...ours])].sort())
})

test('every entry exports the names of its types', async () => {
  const all = exportedValues('pkg/types/index.d.ts')
  assert.deepEqual(Object.keys(latchwork).sort(), all)
  const web = await import('latchwork/web')
  assert.deepEqual(Object.keys(web).sort(), [...all, 'init'].sort())
  assert.equal(web.LatchworkError, LatchworkError)
  for (const system of products) {
    const values = exportedValues(`pkg/models/${system}.d.ts`)
    const one = await import(`latchwork/${system}`)
    assert.deepEqual(Object.keys(one).sort(), values)
    assert.equal(one.LatchworkError, LatchworkError)
    assert.deepEqual(Object.keys(await import(`latchwork/${system}/web`)).sort(), [...values, 'init'].sort())
    const { records, user, allowed } = samples[system]
    assert.equal(one.open(records).subject(user).can(...allowed), true)
    assert.deepEqual(one.vocabulary(), vocabulary(system))
  }
})

test('the entry of rbac exports the names of its types', async () => {
  const others = Object.keys(words).filter((name) => !products.includes(/** @type {any} */ (name)))
  assert.ok(others.length > 0)
  for (const system of others) {
    const values = exportedValues(`pkg/models/${system}.d.ts`)
    assert.deepEqual(Object.keys(await import(`latchwork/${system}`)).sort(), values)
    assert.deepEqual(Object.keys(await import(`latchwork/${system}/web`)).sort(), [...values, 'init'].sort())
  }
})

/** Members that only say their name of now. */
const RENAMED = ['id', 'listing', 'role']

/** The members that a class or interface has for its callers. @param {any} object */
const publicMembers = (object) => object.members
  .map((/** @type {any} */ member) => (ts.isComputedPropertyName(member.name) ? member.name.getText() : member.name.text))
  .filter((/** @type {string} */ name) => !name.startsWith('_'))

/** The prototypes of an object, without `Object.prototype`. @param {any} object @returns {any[]} */
function prototypesOf(object) {
  const prototype = Object.getPrototypeOf(object)
  return prototype === Object.prototype ? [] : [prototype, ...prototypesOf(prototype)]
}

test('authorizers and subjects have exactly the members of their types', () => {
  const authorizer = open('meuse', samples.meuse.records)
  for (const [object, name] of [[authorizer, 'Authorizer'], [authorizer.subject(null), 'Subject']]) {
    const has = [...new Set([...prototypesOf(object).flatMap(Reflect.ownKeys), ...Object.keys(object)])]
      // How a console shows the object.
      .filter((key) => key !== Symbol.for('nodejs.util.inspect.custom'))
      .filter((key) => typeof key === 'symbol' || !(key === 'constructor' || key.startsWith('_') || RENAMED.includes(key)))
      .map((key) => (key === Symbol.dispose ? '[Symbol.dispose]' : String(key)))
    assert.deepEqual(has.sort(), [...new Set(publicMembers(declared(name)))].sort(), name)
  }
})

/** The string literals of a script, by the compiler's own scanner. @param {string} path */
function literals(path) {
  /** @type {string[]} */
  const found = []
  const visit = (/** @type {ts.Node} */ node) => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) found.push(/** @type {any} */ (node).text)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, text(path), ts.ScriptTarget.Latest, true, ts.ScriptKind.JS))
  return found
}

/** Words of JavaScript and of our own border that some product uses too; none of them is compared with a product's. */
const ORDINARY = ['required', 'open', 'close', 'release', 'password', 'server']

/** Words by which a script speaks to an engine, to a store, of HTTP or of a JSON Patch. @type {{ [path: string]: string[] | undefined }} */
const ENGINES = {
  'pkg/stores/libsql.mjs': ['write'],
  'pkg/stores/libsql-database.mjs': ['write'],
  'pkg/stores/durable-object.mjs': ['POST'],
  'pkg/directory/http.mjs': ['HEAD'],
  'pkg/directory/origins.mjs': ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'none'],
  'pkg/directory/options.mjs': ['read'],
  'pkg/directory/runner.mjs': ['read'],
  'pkg/testing/json-patch.mjs': ['add'],
  'pkg/cli/request.mjs': ['GET', 'HEAD'],
  'pkg/cli/server.mjs': ['HEAD', 'CONNECT'],
}

test('the package\'s JavaScript has no access word: no action, level, rule, kind or name of a product', () => {
  const access = new Set(products.flatMap((system) => Object.values(builtWords(system)).flat()))
  for (const word of [...products, 'root', '_system', 'IsAdmin', 'ResetPassword', 'PRIMARY', 'Internal', 'everyone', 'READ-ONLY', 'viewer', 'operator', 'superuser']) access.add(word)
  for (const word of ORDINARY) access.delete(word)
  assert.ok(access.size > 150 && access.has('admin') && access.has('rw'))
  const guilty = scripts.flatMap((path) => literals(path).filter((literal) => access.has(literal) && !ENGINES[path]?.includes(literal)).map((literal) => `${path}: ${literal}`))
  assert.deepEqual(guilty, [])
  const sentences = scripts.flatMap((path) => literals(path).filter((literal) => /\b(admins?|administrators?|root|IsAdmin|READ_ONLY|read-only|tech)\b/.test(literal)).map((literal) => `${path}: ${literal}`))
  assert.deepEqual(sentences, [])
})
