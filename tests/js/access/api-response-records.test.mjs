// @ts-check
// Records in the form of API responses of the product, in `open` and in a seed.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as latchwork from 'latchwork'
import { createDirectory } from 'latchwork/directory'
import { memoryStore } from 'latchwork/stores/memory'
import { untyped } from '../support/samples.mjs'

const { open, LatchworkError } = untyped(latchwork)

/** The problems of records. @param {string} system @param {unknown} records @returns {[string, string][]} */
function problems(system, records) {
  try {
    open(system, records)
    return []
  } catch (error) {
    assert.ok(error instanceof LatchworkError)
    return /** @type {any} */ (error).problems.map((/** @type {any} */ { path, code }) => [path, code])
  }
}

/** The digest of what a directory exports after a seed. @param {string} system @param {any} records */
async function seeded(system, records) {
  const directory = /** @type {any} */ (createDirectory({ system: /** @type {any} */ (system), store: memoryStore() }))
  await directory.seed(records)
  return (await directory.authorizer()).digest
}

/** What `GET /_api/user` answers. */
const users = { error: false, code: 200, result: [{ user: 'root', active: true, extra: {} }, { user: 'ann', active: false, extra: { team: 'a' } }] }

/** What `GET /_api/user/ann/database?full=true` answers. */
const full = {
  error: false,
  code: 200,
  result: {
    '*': { permission: 'none' },
    _system: { permission: 'undefined', collections: { _jobs: 'undefined', '*': 'undefined' } },
    result: { permission: 'ro', collections: { '*': 'none' } },
    shop: { permission: 'undefined', collections: { items: 'rw', orders: 'undefined', _queues: 'undefined', '*': 'undefined' } },
  },
}

const arangodb = {
  users: {
    root: { active: true },
    ann: { active: false, grants: { '*': { level: 'none' }, result: { level: 'ro', collections: { '*': 'none' } }, shop: { collections: { items: 'rw' } } } },
  },
}

test("ArangoDB's list of users and full list of grants are records, opened and seeded", async () => {
  const { digest } = open('arangodb', { users: { root: {}, ann: { active: false } } })
  for (const records of [users, users.result, { users }, { users: users.result }]) assert.equal(open('arangodb', records).digest, digest)
  const expected = open('arangodb', arangodb).digest
  const withGrants = (/** @type {unknown} */ grants) => users.result.map((user) => (user.user === 'ann' ? { ...user, grants } : user))
  for (const grants of [full, full.result]) {
    for (const records of [withGrants(grants), { users: withGrants(grants) }, { ...users, result: withGrants(grants) }, { users: { root: {}, ann: { active: false, grants } } }]) {
      assert.equal(open('arangodb', records).digest, expected)
      assert.equal(await seeded('arangodb', records), await seeded('arangodb', arangodb))
    }
  }
})

test("an invalid part of ArangoDB's responses is a problem with its pointer", () => {
  assert.deepEqual(problems('arangodb', [{ user: 'ann' }, { user: 'ann' }, { name: 'bob' }, 5, { user: '' }]), [
    ['/1/user', 'duplicate'], ['/2/user', 'required'], ['/3', 'wrong_type'], ['/4/user', 'too_short'],
  ])
  const grants = { shop: { permission: 'rx', collections: { items: 'all', _jobs: 'rw' } }, lib: { level: 'undefined' }, web: { level: 'ro', permission: 'ro' } }
  assert.deepEqual(problems('arangodb', { users: [{ user: 'ann', grants }] }), [
    ['/users/0/grants/shop/permission', 'unknown_level'],
    ['/users/0/grants/shop/collections/items', 'unknown_level'],
    ['/users/0/grants/shop/collections/_jobs', 'bad_grant'],
    ['/users/0/grants/lib/level', 'unknown_level'],
    ['/users/0/grants/web/level', 'mismatch'],
  ])
  assert.deepEqual(problems('arangodb', { users: { ann: { user: 'bob' } } }), [['/users/ann/user', 'mismatch']])
  assert.deepEqual(problems('arangodb', { error: true, code: 401, result: [] }).map(([, code]) => code), ['unknown_field', 'unknown_field', 'unknown_field'])
})

test("Tyk's lists with their pages are records, opened and seeded", async () => {
  const user = { id: 'u1', active: true, org_id: 'o', email_address: 'a@x.io', group_id: 'g1', password_max_days: 0, api_model: {}, user_permissions: { apis: 'read' } }
  const group = { id: 'g1', active: true, org_id: 'o', name: 'Devs', description: '', password_max_days: 0, user_permissions: { apis: 'write' } }
  const expected = { users: [user], groups: [group] }
  const answers = { users: { users: [user], pages: 1 }, groups: { groups: [group], pages: 1 } }
  for (const records of [answers, { ...expected, pages: 1 }, { users: answers.users, groups: [group] }]) {
    assert.equal(open('tyk', records).digest, open('tyk', expected).digest)
    assert.equal(open('tyk', records).can('u1', 'write', 'section:apis'), true)
    assert.equal(await seeded('tyk', records), await seeded('tyk', expected))
  }
  assert.equal(open('tyk', answers.users).digest, open('tyk', { users: [user] }).digest)
  assert.deepEqual(problems('tyk', { users: { users: [{}], pages: -1, more: 1 } }), [['/users/more', 'unknown_field'], ['/users/pages', 'out_of_range'], ['/users/users/0/id', 'required']])
  assert.deepEqual(problems('tyk', { users: { pages: 1 } }), [['/users', 'wrong_type']])
})
