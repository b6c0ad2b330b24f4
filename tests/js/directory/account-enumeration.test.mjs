// @ts-check
// A wrong password does not reveal which users exist: status, body and work are the same for known and unknown users.
// For Meuse under strict guards only, because its documented response to the creation of a token reveals it.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setHasher } from 'latchwork/password'
import { basic, COST, directoryOf, records, send } from '../support/directory/products.mjs'
import { FaultyStore } from '../support/directory/faulty-store.mjs'

let verified = 0
/** @type {Set<string>} */
const costs = new Set()
before(() =>
  setHasher({
    hash: () => `$argon2id$v=19$m=${COST.memory},t=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`,
    verify: (_password, stored) => {
      verified += 1
      costs.add(stored.split('$')[3])
      return false
    },
  }),
)
after(() => setHasher(null))

const long = 'x'.repeat(1_025)
const old = `$salted-sha256$abcd$${'0'.repeat(64)}`

/**
 * `parts`: options of the directory. `more`: users who are switched off, have no password, or an old hash. Each of `asks`: the status, the passwords
 * that are verified, and what is sent for a name.
 * @type {Record<string, { parts?: any, more: any, asks: [number, number, string, string, (name: string) => any][] }>}
 */
const products = {
  arangodb: {
    more: { gone: { passwd: 'x', active: false }, bare: {}, old: { hash: old } },
    asks: [
      [401, 1, 'GET', '/_api/user', (name) => ({ as: basic(`${name}:wrong`) })],
      [401, 1, 'POST', '/_open/auth', (name) => ({ body: { username: name, password: 'wrong' } })],
      // No user has a password of this length.
      [401, 0, 'GET', '/_db/shop/_api/version', (name) => ({ as: basic(`${name}:${long}`) })],
    ],
  },
  tyk: {
    more: [{ id: 'gone', active: false, email_address: 'gone', password: 'rootpass' }, { id: 'bare', email_address: 'bare' }],
    asks: [
      [401, 1, 'POST', '/api/login', (name) => ({ body: { email_address: name === 'ann' ? 'ann@example.org' : name, password: 'wrong' } })],
      [401, 1, 'POST', '/api/login', (name) => ({ body: { email_address: name === 'ann' ? 'ann@example.org' : name, password: long } })],
    ],
  },
  wso2: {
    more: [{ name: 'gone', password: 'gonepass', claims: { 'urn:ietf:params:scim:schemas:core:2.0:User:active': false } }, { name: 'bare' }, { name: 'old', hash: `$sha256-salted$c2FsdA==$${Buffer.alloc(32).toString('base64')}` }],
    asks: [
      [401, 1, 'GET', '/scim2/Me', (name) => ({ as: basic(`${name}:wrong`) })],
      [401, 1, 'POST', '/services/UserAdmin/listUsers', (name) => ({ as: basic(`${name}:wrong`), body: {} })],
      [401, 1, 'POST', '/services/UserAdmin/listUsers', (name) => ({ as: basic(`${name}:${long}`), body: {} })],
      [400, 1, 'POST', '/services/UserAdmin/changePasswordByUser', (name) => ({ body: { userName: name, oldPassword: 'wrong', newPassword: 'longenough' } })],
    ],
  },
  meuse: {
    parts: { guards: 'strict' },
    more: [{ name: 'gone', role: 'tech', active: false, password: 'gonepass' }, { name: 'bare', role: 'tech' }],
    asks: [[403, 1, 'POST', '/api/v1/meuse/token', (name) => ({ body: { name: 't', user: name, password: 'wrong password', validity: 1 } })]],
  },
  antmedia: {
    more: [{ email: 'bare', scope: 'system', userType: 'USER' }],
    // What was sent may be the password or its MD5.
    asks: [[200, 2, 'POST', '/rest/v2/users/authenticate', (name) => ({ body: { email: name, password: 'wrong' } })]],
  },
}

for (const [system, { parts, more, asks }] of Object.entries(products)) {
  test(`${system}: a wrong password does not reveal which users exist`, async () => {
    const store = new FaultyStore()
    const directory = directoryOf(system, store, parts)
    const { users } = records[system]
    await directory.seed({ ...records[system], users: Array.isArray(users) ? [...users, ...more] : { ...users, ...more } })
    for (const [status, work, method, path, make] of asks) {
      const answers = []
      for (const name of ['ann', 'nobody', 'gone', 'bare', 'old', '__proto__', 'x'.repeat(200)]) {
        verified = 0
        const commits = store.commits
        const answer = await send(directory, method, path, make(name))
        assert.deepEqual([answer.status, verified], [status, work], `${method} ${path} ${name}: ${answer.text}`)
        answers.push(JSON.stringify([answer.text, store.commits - commits]))
      }
      assert.equal(new Set(answers).size, 1, `${method} ${path} ${answers.join('\n')}`)
    }
    assert.deepEqual([...costs], ['m=64,t=1,p=1'])
  })
}
