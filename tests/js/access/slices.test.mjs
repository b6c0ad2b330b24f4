// A slice of a product's records has one user, with the same decisions and digest as in the complete records.

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { classify } from 'latchwork'
import { open } from 'latchwork/server'
import { questionsOf, withDefaults } from '../support/case-defaults.mjs'
import { products, samples } from '../support/samples.mjs'

const cases = new URL('../../cases/', import.meta.url)

/** The decision cases of a model. @param {string} system @returns {any[]} */
const casesOf = (system) => readdirSync(new URL(`${system}/`, cases))
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => JSON.parse(readFileSync(new URL(`${system}/${name}`, cases), 'utf8')).cases ?? [])
  .filter((testCase) => testCase.ask && testCase.given_text === undefined && testCase.expect)

/** The models of products with slices, and what is asked of each. */
const sliced = products.flatMap((system) => {
  const { slices } = samples[system]
  return slices === undefined ? [] : [/** @type {const} */ ([system, slices])]
})

/** @param {any} authorizer @param {any} question @returns {any} */
function decisionOrCode(authorizer, { subject, role, ...question }) {
  try {
    const asker = authorizer.subject(role === undefined ? subject : { role })
    return [asker.decide(question.action, question.resource, question.attributes), asker.digest]
  } catch (error) {
    return /** @type {any} */ (error).code
  }
}

for (const [system, { questions: least = 1 }] of sliced) {
  test(`${system}: a slice has the decisions and the digest of the subject`, () => {
    let asked = 0
    for (const testCase of casesOf(system)) {
      const records = withDefaults(system, testCase.given)
      let whole
      try {
        whole = open(system, records)
      } catch {
        continue
      }
      for (const { question } of questionsOf(classify, system, testCase)) {
        let slice
        try {
          slice = whole.slice(question.role === undefined ? question.subject : { role: question.role })
        } catch (error) {
          assert.equal(/** @type {any} */ (error).code, 'unsupported', testCase.id)
          assert.equal(question.subject, null, testCase.id)
          continue
        }
        assert.deepEqual(decisionOrCode(open(system, slice), question), decisionOrCode(whole, question), `${testCase.id}: ${JSON.stringify(slice)}`)
        asked += 1
      }
    }
    assert.ok(asked >= least, `${asked} questions`)
  })
}

test('a slice holds no other user, and no password', () => {
  for (const [system, { records }] of sliced) {
    const text = JSON.stringify(open(system, records).slice('ann'))
    assert.match(text, /ann/)
    assert.doesNotMatch(text, /ben|geheim/, `${system}: ${text}`)
  }
})

for (const system of products.filter((system) => samples[system].slices === undefined)) {
  test(`${system}: a model whose sample has no slices has none`, () => {
    const { records, user } = samples[system]
    assert.throws(() => open(system, records).slice(user), { code: 'unsupported' })
  })
}

test('slicing a product without slices is an error', () => {
  const users = [{ name: 'ann', role: 'tech' }, { name: 'ben', role: 'tech', active: false }]
  assert.throws(() => open('meuse', { users }).slice(null), { code: 'unsupported', message: 'meuse has no slice: the decisions depend on the records of other users' })
  assert.throws(() => open('meuse', { users }).slice('ann', ['tech']), { code: 'unsupported', message: 'meuse has no `within`, for which a slice would keep roles' })
  assert.throws(() => open('meuse', { users }).slice(/** @type {any} */ ({ role: 'tech' })), { code: 'unsupported' })
})
