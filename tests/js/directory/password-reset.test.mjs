// @ts-check
// Tyk's mailed link to a new password: a reset link expires after 1000 seconds, works once, and only the newest one is valid.
// Neither the response nor the work for it reveals whether an address is known.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countedWork } from '../support/directory/credentials.mjs'
import { afterAnswer, records, seeded, send } from '../support/directory/products.mjs'

const computed = countedWork()
const address = 'ann@example.org'
const LATE = { Status: 'Error', Message: 'Reset link is invalid or has expired', Meta: null }

/** A directory that keeps what it mails, and whose clock stands. */
async function mailing() {
  const clock = { now: 1_700_000_000_000 }
  /** @type {any[]} */
  const mails = []
  const made = await seeded('tyk', { now: () => clock.now, sendMail: (/** @type {any} */ mail) => void mails.push(mail) })
  const forgot = async (/** @type {any} */ body = { email_address: address }) => {
    const answer = await send(made.directory, 'POST', '/api/password/forgot', { body })
    await afterAnswer()
    return answer
  }
  const reset = (/** @type {string} */ token, password = 'another one') => send(made.directory, 'POST', '/api/password/reset', { body: { token, new_password: password } })
  const login = (/** @type {string} */ password) => send(made.directory, 'POST', '/api/login', { body: { email_address: address, password } }).then(({ status }) => status)
  /** A new link; its token. */
  const link = async () => {
    mails.length = 0
    assert.equal((await forgot()).status, 200)
    assert.equal(mails.length, 1)
    return /** @type {string} */ (mails[0].token)
  }
  return { ...made, clock, mails, forgot, reset, login, link }
}

test('a reset link works once', async () => {
  const { store, mails, link, reset, login } = await mailing()
  const token = await link()
  const [{ to, kind, text, link: where, expires_at: ends }] = mails
  assert.deepEqual([to, kind, where, ends], [address, 'password_reset', `/password/reset?token=${token}`, 1_700_001_000])
  assert.ok(text.includes(token) && token.length >= 43)
  assert.ok(!store.state.includes(token), 'the store has no token')
  assert.deepEqual([await login('annpass1'), await login('another one')], [200, 401])
  const { state } = store
  const weak = await reset(token, 'x')
  assert.ok(weak.status >= 400 && store.state === state, 'a password that is not taken does not use the link up')
  assert.equal((await reset(token)).status, 200)
  assert.deepEqual([await login('annpass1'), await login('another one')], [401, 200])
  const after = store.state
  const again = await reset(token, 'and another')
  assert.equal(again.status, 403)
  assert.deepEqual(again.body, LATE)
  assert.equal(store.state, after)
})

test('of concurrent uses of a reset link exactly one succeeds', async () => {
  const { link, reset, login } = await mailing()
  const token = await link()
  const answers = await Promise.all(Array.from({ length: 5 }, (_, index) => reset(token, `password ${index}`)))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 403, 403, 403, 403])
  const winner = answers.findIndex(({ status }) => status === 200)
  assert.equal(await login(`password ${winner}`), 200)
})

test('a reset link expires after 1000 seconds', async () => {
  for (const [seconds, status] of [[999, 200], [1_000, 403], [100_000, 403], [-1, 200]]) {
    const { clock, link, reset, store } = await mailing()
    const token = await link()
    clock.now += seconds * 1_000
    const { state } = store
    assert.equal((await reset(token)).status, status, `${seconds}`)
    assert.equal(store.state === state, status !== 200)
  }
})

test('a newer link, a new password, or the deletion of the user invalidates a reset link', async () => {
  const { link, reset, directory, as } = await mailing()
  const old = await link()
  const newer = await link()
  assert.notEqual(newer, old)
  assert.equal((await reset(old)).status, 403)
  assert.equal((await reset(newer)).status, 200)
  const root = { as: as.root }
  const voiding = {
    'a password by an admin': () => send(directory, 'POST', '/api/users/ann/actions/reset', { ...root, body: { new_password: 'from the admin' } }),
    deactivation: () => send(directory, 'PUT', '/api/users/ann', { ...root, body: { active: false } }),
    'activation, which brings none back': () => send(directory, 'PUT', '/api/users/ann', { ...root, body: { active: true } }),
    'another address': () => send(directory, 'PUT', '/api/users/ann', { ...root, body: { email_address: 'new@example.org' } }),
    'the address of before': () => send(directory, 'PUT', '/api/users/ann', { ...root, body: { email_address: address } }),
    deletion: () => send(directory, 'DELETE', '/api/users/ann', root),
    'another user of the same address': () => send(directory, 'POST', '/api/users', { ...root, body: { first_name: 'A', last_name: 'B', email_address: address, active: true, user_permissions: { apis: 'read' } } }),
  }
  let token = await link()
  for (const [what, act] of Object.entries(voiding)) {
    if (what === 'deactivation' || what === 'another address') token = await link()
    const answer = await act()
    assert.equal(answer.status, 200, `${what}: ${answer.text}`)
    assert.equal((await reset(token)).status, 403, what)
  }
})

test('an invalid link gets the response of an expired one', async () => {
  const { reset, store, link } = await mailing()
  const token = await link()
  const { state } = store
  for (const text of ['', 'x', token.slice(1), `${token}x`, token.toUpperCase() === token ? token.toLowerCase() : token.toUpperCase(), '\0', 'é', '__proto__', 'x'.repeat(2_000)]) {
    const answer = await reset(text)
    assert.equal(answer.status, 403, text)
    assert.equal(store.state, state)
  }
})

test('an unknown address gets the same response after the same work', async () => {
  const { store, directory, as, forgot, mails } = await mailing()
  await send(directory, 'POST', '/api/users', { as: as.root, body: { ...records.tyk.users[1], id: undefined, access_key: undefined, group_id: undefined, email_address: 'asleep@example.org', active: false } })
  /** @param {string} email */
  async function work(email) {
    Object.assign(computed, { hashed: 0, verified: 0 })
    /** @type {any[]} */
    const steps = []
    store.meddle = (step, _count, act) => {
      const answer = act()
      steps.push(step === 'read' ? [step, answer.length] : [step, answer])
      return answer
    }
    const { commit } = store
    /** @type {any[]} */
    const changes = []
    store.commit = async (given) => {
      changes.push(given.map(({ value }) => (value === null ? 'deleted' : value === undefined ? 'checked' : 'put')).sort())
      return commit.call(store, given)
    }
    const { status, text, headers } = await forgot({ email_address: email })
    store.meddle = () => undefined
    store.commit = commit
    return { status, text, headers: [...headers], steps, changes, computed: { ...computed } }
  }
  // Once without a link before, and once with one.
  for (const round of ['first', 'second']) {
    // The one of the records has a link before.
    const root = await work('root@example.org')
    assert.deepEqual([root.status, root.steps.at(-1), root.computed], [200, ['commit', true], { hashed: 0, verified: 0 }])
    for (const email of ['asleep@example.org', 'nobody@example.org', 'no address', 'x'.repeat(200)]) assert.deepEqual(await work(email), root, `${round} ${email}`)
  }
  assert.deepEqual(mails.map(({ to }) => to), ['root@example.org', 'root@example.org'])
})
