// @ts-check
// The small program that every target runs for every subpath: it opens records, asks, explains, validates, prepares,
// catches an error by its code and its class, and compares with what this process computes. Its text is put into files
// of the target: an async function of the module's namespace, which throws or returns.

import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { classify, open, schema, validate } from 'latchwork'
import { questionsOf, withDefaults } from '../js/support/case-defaults.mjs'

const cases = new URL('../cases/', import.meta.url)
const pkg = new URL('../../pkg/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('package.json', pkg), 'utf8'))

/** The models: each has a folder of cases. */
const MODELS = readdirSync(cases).filter((name) => existsSync(new URL(`${name}/documented.json`, cases)))

/**
 * A subpath: its name behind `latchwork`, what kind of module it is, and its model (`undefined`: the module of all).
 * @typedef {{ name: string, specifier: string, kind: 'model' | 'web' | 'password' | 'legacy' | 'directory' | 'other', model?: string, wasm?: string }} Subpath
 */

/** @param {string} key of `exports` @returns {Subpath | undefined} */
function subpathOf(key) {
  const name = key.slice(2)
  const specifier = name === '' || key === '.' ? 'latchwork' : `latchwork/${name}`
  if (key === '.') return { name: '.', specifier, kind: 'model' }
  // Files, for those who serve them by themselves.
  if (name.endsWith('.json') || name.endsWith('.wasm') || name.endsWith('/worker')) return undefined
  if (name === 'web') return { name, specifier, kind: 'web', wasm: 'latchwork/latchwork.wasm' }
  if (name.endsWith('/web')) return { name, specifier, kind: 'web', model: name.slice(0, -4), wasm: `latchwork/${name.slice(0, -4)}.wasm` }
  if (name === 'password') return { name, specifier, kind: 'password' }
  if (name === 'password-legacy') return { name, specifier, kind: 'legacy' }
  if (name === 'directory') return { name, specifier, kind: 'directory' }
  if (MODELS.includes(name)) return { name, specifier, kind: 'model', model: name }
  return { name, specifier, kind: 'other' }
}

/** The subpaths that a key stands for: a pattern's `*` is each file that fits its target, except for names with a further dot. @param {string} key @param {any} target @returns {string[]} */
function keysOf(key, target) {
  if (!key.includes('*')) return [key]
  const file = typeof target === 'string' ? target : fileIn(target)
  const [before, after] = file.slice(file.lastIndexOf('/') + 1).split('*')
  const files = readdirSync(new URL(`${file.slice(0, file.lastIndexOf('/'))}/`, pkg))
  const names = files.filter((name) => name.startsWith(before) && name.endsWith(after)).map((name) => name.slice(before.length, name.length - after.length))
  return names.filter((name) => !name.includes('.')).map((name) => key.replace('*', name))
}

/** The file behind conditions that are nested. @param {any} target @returns {string} */
const fileIn = (target) => (typeof target === 'string' ? target : fileIn(target.default))

/** Every subpath of the package that is a module. */
export const SUBPATHS = Object.entries(manifest.exports).flatMap(([key, target]) => keysOf(key, target)).map(subpathOf).filter((subpath) => subpath !== undefined)

/** The cases of a model, the documented ones first. @param {string} model @returns {any[]} */
const casesOf = (model) => ['documented', 'own'].map((file) => new URL(`${model}/${file}.json`, cases)).filter((path) => existsSync(path)).flatMap((path) => JSON.parse(readFileSync(path, 'utf8')).cases)

/** The questions of the program for a model, and the expected decisions. @param {any} model */
function sampleOf(model) {
  const all = casesOf(model)
  for (const testCase of all) {
    if (!testCase.ask || !testCase.given || testCase.expect.error) continue
    const given = withDefaults(model, testCase.given)
    const questions = questionsOf(/** @type {any} */ (classify), model, testCase).map(({ question }) => question).filter(({ subject }) => typeof subject === 'string')
    if (questions.length === 0) continue
    const app = open(model, given)
    const asked = questions.map(({ subject, action, resource, attributes }) => {
      const { allow, rule, text } = /** @type {any} */ (app.subject(subject)).explain(action, resource, attributes)
      return { subject, action, resource, attributes, expected: { allow, rule, text } }
    })
    if (!asked.some(({ expected }) => expected.allow)) continue
    const form = all.find(({ validate, expect, given }) => validate && expect?.problems?.length > 0 && !given)?.validate
    const problems = form && /** @type {any} */ (validate)(model, form.kind, form.value).problems.map((/** @type {any} */ { path, code }) => `${path} ${code}`)
    const vendor = form && /** @type {any} */ (schema)(model, form.kind)['~standard'].vendor
    return { given, digest: app.digest, asked, form: form && { ...form, problems, vendor } }
  }
  throw new Error(`no case of ${model} lets a user do something`)
}

const SAME = `const same = (got, expected, what) => {
    if (JSON.stringify(got) !== JSON.stringify(expected)) throw new Error(what + ': ' + JSON.stringify(got) + ' instead of ' + JSON.stringify(expected))
  }`

/** @param {string[]} models @param {boolean} named whether functions take the model's name @param {string} begin */
function modelProgram(models, named, begin = '') {
  const samples = models.map((model) => ({ words: named ? [model] : [], ...sampleOf(model) }))
  return `async function (m, address) {
  ${SAME}
  ${begin}
  for (const { words, given, digest, asked, form } of ${JSON.stringify(samples)}) {
    const app = m.open(...words, given)
    same(app.digest, digest, 'digest')
    for (const { subject: id, action, resource, attributes, expected } of asked) {
      const subject = app.subject(id)
      same(subject.can(action, resource, attributes), expected.allow, 'can')
      same(app.can(id, action, resource, attributes), expected.allow, 'authorizer.can')
      const { allow, rule, text } = subject.explain(action, resource, attributes)
      same({ allow, rule, text }, expected, 'explain')
      if (attributes === undefined) same(subject.canId(subject.prepare ? subject.prepare(action, resource) : subject.id(action, resource)), expected.allow, 'canId')
      subject.dispose()
    }
    if (form) {
      same(m.validate(...words, form.kind, form.value).problems.map(({ path, code }) => path + ' ' + code), form.problems, 'validate')
      same(m.schema(...words, form.kind)['~standard'].vendor, form.vendor, 'schema')
    }
    let error
    try {
      m.open(...words, { 'no such member': true })
    } catch (thrown) {
      error = thrown
    }
    same([error?.code, error instanceof m.LatchworkError, error instanceof Error, error?.problems.length], ['invalid_records', true, true, 1], 'the error')
    app.dispose()
  }
}`
}

const PASSWORD = `async function (m) {
  ${SAME}
  const stored = await m.hash('correct horse')
  same([await m.verify('correct horse', stored), await m.verify('x', stored), await m.verify('x', null), m.needsRehash(stored)], [true, false, false, false], 'verify')
  const error = await m.verify('x', 'unknown').catch((thrown) => thrown)
  same([error.code, error instanceof m.LatchworkError], ['unknown_hash', true], 'the error')
}`

const LEGACY = `async function (m) {
  ${SAME}
  const stored = '$2a$04$......................w74bL5gU7LSJClZClCa.Pkz14aTv/XO'
  same(await m.verify('x', '$unsalted-md5$9dd4e461268c8034f5c8564e155c67a6'), true, 'verify')
  same([await m.verify('y', '$unsalted-md5$9dd4e461268c8034f5c8564e155c67a6'), await m.verify('correct horse', stored)], [false, false], 'verify')
  const error = await m.verify('x', 'unknown').catch((thrown) => thrown)
  same([error.code, error instanceof m.LatchworkError], ['unknown_hash', true], 'the error')
}`

const DIRECTORY = `async function (m, _address, { memoryStore }) {
  ${SAME}
  const directory = m.createDirectory({ system: 'arangodb', store: memoryStore() })
  await directory.seed({ users: { root: { passwd: 'tiger', grants: { '*': { level: 'rw' } } } } })
  const ask = (word) => directory.fetch(new Request('http://localhost/_api/user', { headers: { authorization: 'Basic ' + btoa(word) } }))
  same([(await ask('root:tiger')).status, (await ask('root:x')).status], [200, 401], 'fetch')
  let error
  try {
    m.createDirectory({ system: 'unknown', store: memoryStore() })
  } catch (thrown) {
    error = thrown
  }
  same([typeof error?.code, error instanceof m.LatchworkError], ['string', true], 'the error')
}`

const OTHER = `async function (m) {
  const missing = Object.keys(m).filter((name) => m[name] === undefined)
  if (Object.keys(m).length === 0 || missing.length > 0) throw new Error('nothing is exported, or undefined: ' + missing)
}`

/** The text of a program. @param {Subpath} subpath */
function bodyOf({ kind, model }) {
  if (kind === 'model') return modelProgram(model ? [model] : MODELS, !model)
  if (kind === 'web') return modelProgram(model ? [model] : MODELS, !model, 'await m.init(address)')
  return { password: PASSWORD, legacy: LEGACY, directory: DIRECTORY, other: OTHER }[kind]
}

/** @type {Map<Subpath, string>} */
const bodies = new Map()

/** @param {Subpath} subpath */
function body(subpath) {
  const known = bodies.get(subpath) ?? bodyOf(subpath)
  bodies.set(subpath, known)
  return known
}

const MEMORY = 'latchwork/stores/memory'

/** The program as a module that exports `check`, which takes the address of the wasm file or nothing. @param {Subpath} subpath */
export function esm(subpath) {
  const further = subpath.kind === 'directory' ? `import * as further from '${MEMORY}'\n` : 'const further = {}\n'
  return `import * as m from '${subpath.specifier}'\n${further}const program = ${body(subpath)}\nexport const check = (address) => program(m, address, further)\n`
}

/** The same for \`require\`. @param {Subpath} subpath */
export function cjs(subpath) {
  const further = subpath.kind === 'directory' ? `require('${MEMORY}')` : '{}'
  return `const m = require('${subpath.specifier}')\nconst further = ${further}\nconst program = ${body(subpath)}\nexports.check = (address) => program(m, address, further)\n`
}

/** A file name for a subpath. @param {Subpath} subpath */
export const fileOf = ({ name }) => (name === '.' ? 'main' : name.replaceAll('/', '-'))

/** The words, records and questions of a model's subpath. @param {Subpath} subpath */
export function sampleFor({ model }) {
  const chosen = model ?? MODELS[0]
  return { words: model ? [] : [chosen], ...sampleOf(chosen) }
}
