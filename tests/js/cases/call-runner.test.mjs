// @ts-check
// The runner of call cases: it reports a wrong expectation of any kind, and refuses unknown members of a case.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCall } from '../support/run-call.mjs'
import { scripted } from '../support/scripted-directory.mjs'

const UUID = '0fe2a8a0-6a54-4c8b-8f4b-8d0f5a3f9d11'
const mail = [{ to: 'ci@example.org', token: 't1' }]
const crates = [{ name: 'foo', owners: ['ci', 'ann'] }]
const users = [{ name: 'ci', role: 'admin' }, { name: 'ann', role: 'tech' }]

/** Of each kind: the system, an answer, what is right of it, and what is wrong of it. @type {Record<string, [string, any, any, any[]]>} */
const kinds = {
  status: ['meuse', { status: 403 }, { status: 403 }, [{ status: 200 }]],
  'an equal body': [
    'meuse',
    { body: { ok: true, n: 1 } },
    { body: { n: 1, ok: true } },
    [{ body: { ok: true } }, { body: { ok: true, n: 1, m: 2 } }, { body: { ok: true, n: '1' } }],
  ],
  'a body as a subset': [
    'tyk',
    { body: { id: 'a', Message: 'Done' } },
    { body: { Message: 'done' } },
    [{ body: { id: 'b' } }, { body: { id: 'A' } }, { body: { id: 'a', x: null } }, { body: { Message: 'Do' } }],
  ],
  'a list in a subset': [
    'wso2',
    { body: { users: ['ann', 'bob'] } },
    { body: { users: ['ann', 'bob'] } },
    [{ body: { users: ['bob', 'ann'] } }, { body: { users: ['ann'] } }],
  ],
  'a form': [
    'meuse',
    { body: { id: UUID, token: 'x'.repeat(68) } },
    { body: { id: '<uuid>', token: '<token>' } },
    [{ body: { id: '<token>', token: '<token>' } }, { body: { id: '<uuid>', token: '<uuid>' } }],
  ],
  'a body that is no JSON': ['antmedia', { body: 'no' }, { body: 'no' }, [{ body: { no: 1 } }, { body: '' }]],
  body_contains: [
    'arangodb',
    { body: { result: { a: { b: 1, c: 2 } } } },
    { body_contains: { result: { a: { c: 2 } } } },
    [{ body_contains: { result: { a: { c: 3 } } } }, { body: { result: { x: {} } } }],
  ],
  body_unordered: [
    'antmedia',
    { body: [{ a: 1 }, { a: 2 }] },
    { body_unordered: [{ a: 2 }, { a: 1 }] },
    [{ body_unordered: [{ a: 2 }, { a: 2 }] }, { body_unordered: [{ a: 1 }] }, { body: [{ a: 2 }, { a: 1 }] }],
  ],
  'a list in any order, of which an item fits twice': [
    'wso2',
    { body: [{ a: 1, b: 1 }, { a: 1 }] },
    { body_unordered: [{ a: 1 }, { b: 1 }] },
    [{ body_unordered: [{ b: 1 }, { b: 1 }] }],
  ],
  errorNum: ['arangodb', { body: { errorNum: 11 } }, { errorNum: 11 }, [{ errorNum: 10 }]],
  message: ['antmedia', { body: '<p>Not authenticated user</p>' }, { message: 'Not authenticated user' }, [{ message: 'Not allowed' }]],
  'a message in JSON': ['arangodb', { body: { errorMessage: 'a "b"' } }, { message: 'a "b"' }, [{ message: 'a b' }]],
  body_has: ['arangodb', { body: { a: [{ b: null }] } }, { body_has: ['/a/0/b', 'a'] }, [{ body_has: ['/a/0/b', '/a/1'] }, { body_has: ['/a/length'] }]],
  body_lacks: ['arangodb', { body: { a: { b: null } } }, { body_lacks: ['/a/c', '/b'] }, [{ body_lacks: ['/a/c', '/a/b'] }]],
  body_absent: ['tyk', { body: { password: null } }, { body_absent: ['secret'] }, [{ body_absent: ['password'] }, { body_absent: ['/password'] }]],
  detail_endswith: [
    'meuse',
    { body: { errors: [{ detail: 'the user ci already exists' }] } },
    { detail_endswith: 'already exists' },
    [{ detail_endswith: 'already' }, { detail_endswith: 'not exist' }],
  ],
  mail: ['tyk', { mail }, { mail: [{ to: 'ci@example.org' }] }, [{ mail: [] }, { mail: [{ to: 'x@example.org' }] }, { mail: [...mail, ...mail] }]],
  'no mail': ['tyk', {}, { mail: [] }, [{ mail: [{ to: 'ci@example.org' }] }]],
  'after.users': [
    'meuse',
    {},
    { after: { users: [{ name: 'ci', role: 'admin' }] } },
    [{ after: { users: [{ name: 'ci', role: 'tech' }] } }, { after: { users: [{ name: 'eve' }] } }, { after: { users: [{ name: 'ci', password: 'x' }] } }],
  ],
  'after.absent': ['meuse', {}, { after: { absent: ['eve'] } }, [{ after: { absent: ['ci'] } }]],
  'after.owners': [
    'meuse',
    {},
    { after: { owners: { foo: ['ann', 'ci'] } } },
    [{ after: { owners: { foo: ['ci'] } } }, { after: { owners: { bar: ['ci'] } } }, { after: { owners: [{ name: 'foo', owners: ['ci', 'eve'] }] } }],
  ],
  'another member of the records': [
    'meuse',
    {},
    { after: { crates: [{ name: 'foo' }] } },
    [{ after: { crates: [{ name: 'bar' }] } }, { after: { crate: [] } }],
  ],
}

for (const [kind, [system, answer, right, wrong]] of Object.entries(kinds)) {
  test(`a wrong expectation of ${kind} is found`, async () => {
    const run = (/** @type {any} */ expect) => {
      const fake = scripted([answer], { users, crates })
      return runCall(fake.package, system, { id: 'x', given: {}, request: { method: 'GET', path: '/' }, expect })
    }
    assert.deepEqual(await run(right), [])
    for (const expect of wrong) {
      const differences = await run(expect)
      assert.notDeepEqual(differences, [], JSON.stringify(expect))
      for (const line of differences) assert.match(line, /^request: /)
    }
  })
}

test('an expected sign-in is checked for every product', async () => {
  /** @type {[string, string, any, any][]} */
  const products = [
    ['antmedia', 'email', { body: { success: true } }, { body: { success: false } }],
    ['arangodb', 'user', { status: 200 }, { status: 401 }],
    ['meuse', 'name', { status: 200 }, { status: 403 }],
    ['tyk', 'id', { status: 200 }, { status: 401 }],
    ['wso2', 'name', { status: 403 }, { status: 401 }],
  ]
  for (const [system, identity, right, wrong] of products) {
    for (const [answer, ok] of /** @type {[any, boolean][]} */ ([[right, true], [wrong, false]])) {
      const run = (/** @type {boolean} */ expected) => {
        const expect = { after: { login: [{ [identity]: 'ann', password: 'pw', ok: expected }] } }
        return runCall(scripted([{}, answer]).package, system, { id: 'x', given: {}, request: { method: 'GET', path: '/' }, expect })
      }
      assert.deepEqual(await run(ok), [], system)
      assert.equal((await run(!ok)).length, 1, system)
    }
  }
})

test('a difference in a later step or question is found', async () => {
  const granted = { users: { ann: { grants: { shop: { level: 'ro' } } } } }
  const call = { request: { method: 'GET', path: '/' }, expect: { status: 200 } }
  const asks = (/** @type {string} */ level) => ({ ask: { user: 'ann', database: 'shop' }, expect: { level } })
  const run = (/** @type {any[]} */ then) => runCall(scripted([{}, { status: 404 }], granted).package, 'arangodb', { id: 'x', given: {}, ...call, then })
  assert.deepEqual(await run([asks('ro')]), [])
  assert.deepEqual(await run([call, asks('rw')]), ['then[0]: status: expected 200, got 404', 'then[1]: level: expected "rw", got "ro"'])
})

test('a captured value is available in all later steps', async () => {
  const first = { request: { method: 'POST', path: '/' }, expect: {}, capture: { ID: '/users/0/id', KEY: '/key' } }
  const body = { id: '{{ID}}', '{{KEY}}': 'no. {{ID}}' }
  const second = { request: { authorization: 'Bearer {{KEY}}', method: 'PUT', path: '/u/{{ID}}', body }, expect: { body: { id: '{{ID}}' } } }
  const run = async (/** @type {any} */ answer, /** @type {any} */ id) => {
    const fake = scripted([{ body: answer }, { body: { id } }])
    return { fake, differences: await runCall(fake.package, 'tyk', { id: 'x', given: {}, ...first, then: [second] }) }
  }
  const { fake, differences } = await run({ users: [{ id: 7 }], key: 'k' }, 7)
  assert.deepEqual(differences, [])
  assert.equal(fake.sent[1].path, '/u/7')
  assert.equal(fake.sent[1].headers.get('authorization'), 'Bearer k')
  assert.deepEqual(JSON.parse(fake.sent[1].text), { id: 7, k: 'no. 7' })
  assert.deepEqual((await run({ users: [{ id: 7 }], key: 'k' }, 8)).differences, ['then[0]: body/id: expected 7, got 8'])
  assert.equal((await run({ users: [], key: 'k' }, 8)).differences.length, 2)
})

test('the last mail is available in later steps', async () => {
  const fake = scripted([{ mail: [{ to: 'a' }, { to: 'b', token: 't2' }] }, {}])
  const then = [{ request: { method: 'POST', path: '/reset', body: { token: '{{mail.token}}' } }, expect: { mail: [] } }]
  assert.deepEqual(await runCall(fake.package, 'tyk', { id: 'x', given: {}, request: { method: 'POST', path: '/' }, expect: {}, then }), [])
  assert.equal(fake.sent[1].text, '{"token":"t2"}')
})

test('an unknown member is an error anywhere in a case', async () => {
  const request = { method: 'GET', path: '/' }
  const whole = { id: 'x', given: {}, request, expect: { status: 200 } }
  const wrong = [
    { ...whole, expects: {} },
    { ...whole, given: { user: [] } },
    { ...whole, given: { before: [{ ...request, header: 1 }] } },
    { ...whole, given: { before: [{ why: 'nothing' }] } },
    { ...whole, request: { ...request, header: 1 } },
    { ...whole, request: { ...request, body: 1, rawBody: '1' } },
    { ...whole, request: { ...request, raw_body: 1 } },
    { ...whole, request: { ...request, at: '5' } },
    { ...whole, request: { ...request, path: 'x' } },
    { ...whole, request: { as: null, path: '/' } },
    { ...whole, request: { ...request, encoding: 'base64' } },
    { ...whole, request: { ...request, encoding: 'metadata-only', body: {} } },
    { ...whole, request: { ...request, passwd: 'x' } },
    { ...whole, given: { before: [{ expire_tokens_of: 'a' }] } },
    { ...whole, expect: { code: 200 } },
    { ...whole, expect: undefined },
    { ...whole, then: [{ request, expect: { status: 200 }, and: 1 }] },
    { ...whole, then: [{ expect: { status: 200 } }] },
    { ...whole, then: [{ ask: { user: 'a', action: 'read', resource: 'section:apis' } }] },
  ]
  for (const testCase of wrong) {
    const fake = scripted([])
    await assert.rejects(runCall(fake.package, 'tyk', testCase), JSON.stringify(testCase))
    assert.deepEqual(fake.sent, [], JSON.stringify(testCase))
  }
  await assert.rejects(runCall(scripted([]).package, 'rbac', whole), /no product/)
  const unknown = { ...whole, request: { ...request, path: '/{{ID}}' } }
  assert.match((await runCall(scripted([]).package, 'tyk', unknown)).join(), /error: \{\{ID\}\} has no value/)
  const afterwards = { ...whole, expect: { after: { login: [{ id: 'a', password: 'x' }] } } }
  assert.match((await runCall(scripted([]).package, 'tyk', afterwards)).join(), /error: a login/)
})
