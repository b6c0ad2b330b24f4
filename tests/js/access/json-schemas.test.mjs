// @ts-check
// The JSON Schemas of records accept what `open` accepts, and refuse what `open` refuses, as far as a schema can.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import * as latchwork from 'latchwork'
import words from '../../../pkg/wasm/latchwork.rules.mjs'
import { withDefaults } from '../support/case-defaults.mjs'
import { samples, untyped } from '../support/samples.mjs'

/** @typedef {import('../support/samples.mjs').SystemName} SystemName */

const { open } = untyped(latchwork)

const systems = Object.keys(words).sort()
const root = new URL('../../../', import.meta.url)
const readJson = (/** @type {string} */ path) => JSON.parse(readFileSync(new URL(path, root), 'utf8'))
const schemaOf = (/** @type {string} */ system) => readJson(`pkg/schemas/${system}.json`)
const compile = (/** @type {string} */ system) => new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false, strictTypes: false }).compile(schemaOf(system))

/** The problems that the schema of a model cannot see. @param {string} system @returns {Record<string, [why: string, records: any]>} */
const unseenOf = (system) => samples[/** @type {SystemName} */ (system)].unseen ?? {}

/** Records of the case files. @param {string} system @returns {any[]} */
function givens(system) {
  const folder = new URL(`tests/cases/${system}/`, root)
  const cases = readdirSync(folder).filter((name) => name.endsWith('.json')).flatMap((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')).cases)
  const texts = new Set(cases.filter(({ given }) => given).map(({ given }) => JSON.stringify(withDefaults(system, given))))
  return [...texts].map((text) => JSON.parse(text))
}

/** The codes of the problems of records; none if they are valid. @param {string} system @param {any} records @returns {Set<string>} */
function problemsOf(system, records) {
  try {
    open(system, records).dispose()
    return new Set()
  } catch (error) {
    const { code, problems } = /** @type {import('latchwork').LatchworkError} */ (error)
    assert.equal(code, 'invalid_records', String(error))
    return new Set(problems?.map(({ code }) => code))
  }
}

test('the schema of rbac accepts its own address', () => {
  assert.ok(compile('rbac')({ $schema: './node_modules/latchwork/schemas/rbac.json', description: 'a', roles: { a: { $schema: 'x', description: 'b' } } }))
  assert.equal(import.meta.resolve('latchwork/schemas/rbac.json'), new URL('pkg/schemas/rbac.json', root).href)
})

test('each model has a schema', () => {
  assert.deepEqual(readdirSync(new URL('pkg/schemas', root)).sort(), systems.map((system) => `${system}.json`))
})

for (const system of systems) {
  test(`the schema of ${system} accepts valid records of the cases, and refuses the others`, () => {
    const isValid = compile(system)
    let accepted = 0
    for (const records of givens(system)) {
      const codes = problemsOf(system, records)
      const where = JSON.stringify(records)
      if (codes.size === 0) {
        assert.ok(isValid(records), `${where}: ${JSON.stringify(isValid.errors)}`)
        accepted += 1
      } else if (isValid(records)) {
        assert.ok([...codes].every((code) => Object.hasOwn(unseenOf(system), code)), `${where} has ${[...codes]}`)
      }
    }
    assert.ok(accepted > 5)
    for (const [code, [why, records]] of Object.entries(unseenOf(system))) {
      assert.deepEqual([...problemsOf(system, records)], [code])
      assert.ok(isValid(records), `${code} is seen, although ${why}`)
    }
  })

  test(`the schema of ${system} refuses no changed records that the model accepts`, () => {
    const isValid = compile(system)
    const valid = givens(system).filter((records) => problemsOf(system, records).size === 0)
    const missed = new Set()
    fc.assert(
      fc.property(fc.constantFrom(...valid), fc.array(fc.tuple(fc.nat(), fc.nat(), replacement), { minLength: 1, maxLength: 3 }), (records, changes) => {
        const changed = structuredClone(records)
        for (const change of changes) alter(changed, change)
        const codes = problemsOf(system, changed)
        if (codes.size === 0) assert.ok(isValid(changed), `${JSON.stringify(changed)}: ${JSON.stringify(isValid.errors)}`)
        else if (isValid(changed)) for (const code of codes) missed.add(code)
      }),
      { numRuns: 1000 },
    )
    // What a schema cannot see is listed, and what is listed is about codes that exist.
    for (const code of missed) assert.ok(Object.hasOwn(unseenOf(system), code), `the schema does not see ${code}`)
  })

  test(`the schema of ${system} explains its members`, () => {
    const { $schema, title } = schemaOf(system)
    assert.equal($schema, 'https://json-schema.org/draft/2020-12/schema')
    assert.ok(title.length > 10)
  })
}

const replacement = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1.5, 2 ** 31, '', 'x', '*', '_system', 'a/b', 'admin', 'read', 'undefined', '$2a$', [], {}, ['x'], { x: 1 }),
  fc.string({ maxLength: 6 }),
)

/** Replaces, removes or adds a member or item somewhere in a value. @param {any} value @param {[number, number, any]} change */
function alter(value, [place, how, given]) {
  // A value of the list is not changed for the runs after this one.
  const by = structuredClone(given)
  /** @type {[any, string][]} */
  const places = []
  const visit = (/** @type {any} */ part) => {
    if (typeof part !== 'object' || part === null) return
    for (const name of Object.keys(part)) {
      places.push([part, name])
      visit(part[name])
    }
  }
  visit(value)
  if (places.length === 0) return
  const [part, name] = places[place % places.length]
  if (how % 4 === 0) Array.isArray(part) ? part.splice(Number(name), 1) : delete part[name]
  else if (how % 4 === 1) Array.isArray(part) ? part.push(by) : (part[String(by)] = part[name])
  else part[name] = by
}
