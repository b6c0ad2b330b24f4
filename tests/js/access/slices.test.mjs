// A slice of a product's records has one user, with the same decisions and digest as in the complete records.

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { classify } from 'latchwork'
import { open } from 'latchwork/server'
import { questionsOf, withDefaults } from '../support/case-defaults.mjs'

const cases = new URL('../../cases/', import.meta.url)

/** The decision cases of a model. @param {string} system @returns {any[]} */
const casesOf = (system) => readdirSync(new URL(`${system}/`, cases))
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => JSON.parse(readFileSync(new URL(`${system}/${name}`, cases), 'utf8')).cases ?? [])
  .filter((testCase) => testCase.ask && testCase.given_text === undefined && testCase.expect)

/** @param {any} authorizer @param {any} question @returns {any} */
function decisionOrCode(authorizer, { subject, role, ...question }) {
  try {
    const asker = authorizer.subject(role === undefined ? subject : { role })
    return [asker.decide(question.action, question.resource, question.attributes), asker.digest]
  } catch (error) {
    return /** @type {any} */ (error).code
  }
}

for (const [system, least] of /** @type {const} */ ([['antmedia', 100], ['arangodb', 100], ['meuse', 100], ['tyk', 100], ['wso2', 100]])) {
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
  const records = /** @type {const} */ ({
    antmedia: { users: [{ email: 'ann', password: 'geheim', scope: 'A', userType: 'USER' }, { email: 'ben', scope: 'A', userType: 'ADMIN' }] },
    arangodb: { users: { ann: { passwd: 'geheim', grants: { shop: { level: 'rw' } } }, ben: { grants: { shop: { level: 'rw' } } } }, databases: { shop: ['ben'] } },
    meuse: { users: [{ name: 'ann', role: 'tech', password: 'geheim' }, { name: 'ben', role: 'tech' }], crates: [{ name: 'one', owners: ['ann', 'ben'] }], tokens: [{ user: 'ben', name: 'laptop' }] },
    tyk: { users: [{ id: 'ann', active: true, org_id: 'one', group_id: 'g', password: 'geheim' }, { id: 'ben', org_id: 'one' }], groups: [{ id: 'g', org_id: 'one' }, { id: 'g-ben', org_id: 'one' }], apis: [{ id: 'api', user_owners: ['ben', 'ann'], user_group_owners: ['g-ben'] }] },
    wso2: { roles: ['one', 'of-ben'], users: [{ name: 'ann', password: 'geheim', roles: ['one'] }, { name: 'ben', roles: ['of-ben'] }], rules: [{ user: 'ben', resource: '/permission/a', action: 'ui.execute', effect: 'allow' }, { role: 'of-ben', resource: '/permission/a', action: 'ui.execute', effect: 'allow' }] },
  })
  for (const [system, document] of Object.entries(records)) {
    const text = JSON.stringify(open(/** @type {any} */ (system), document).slice('ann'))
    assert.match(text, /ann/)
    assert.doesNotMatch(text, /ben|geheim/, `${system}: ${text}`)
  }
})

test('slicing a product without slices is an error', () => {
  const users = [{ name: 'ann', role: 'tech' }, { name: 'ben', role: 'tech', active: false }]
  assert.throws(() => open('meuse', { users }).slice(null), { code: 'unsupported', message: 'meuse has no slice: the decisions depend on the records of other users' })
  assert.throws(() => open('meuse', { users }).slice('ann', ['tech']), { code: 'unsupported', message: 'meuse has no `within`, for which a slice would keep roles' })
  assert.throws(() => open('meuse', { users }).slice(/** @type {any} */ ({ role: 'tech' })), { code: 'unsupported' })
})
