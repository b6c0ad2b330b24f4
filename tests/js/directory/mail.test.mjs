// @ts-check
// Mails are sent after the response, which does not wait for them; failures are logged.

import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { afterAnswer, seeded, send } from '../support/directory/products.mjs'

const forgot = { body: { email_address: 'ann@example.org' } }
const settle = () => new Promise((resolve) => setImmediate(resolve))

/** A directory over a mailer, and what its log hears of later. @param {(mail: any) => any} sendMail */
async function mailing(sendMail) {
  /** @type {any[]} */
  const events = []
  const made = await seeded('tyk', { sendMail, log: (/** @type {any} */ { status, path, failure }) => events.push([status, path, failure]) })
  return { ...made, events, ask: () => send(made.directory, 'POST', '/api/password/forgot', forgot) }
}

const answered = [200, '/api/password/forgot', undefined]

test('a mail is sent and logged after the response, which does not wait for it', async () => {
  /** @type {any[]} */
  const started = []
  const { ask, events } = await mailing((mail) => new Promise(() => started.push(mail.to)))
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    assert.equal((await ask()).status, 200)
    await settle()
    assert.deepEqual([started, events], [[], []])
    mock.timers.tick(1)
    await settle()
    assert.deepEqual([started, events], [['ann@example.org'], [answered]])
    mock.timers.tick(10_000)
    await settle()
    assert.deepEqual([events.length, events[1][0], events[1][2].code], [2, 200, 'internal'])
  } finally {
    mock.timers.reset()
  }
})

test('before the response, a known and an unknown address take the same steps', async () => {
  /** @type {string[]} */
  const texts = []
  const { parse } = JSON
  const lengths = []
  for (const address of ['ann@example.org', 'nob@example.org']) {
    const { directory, store } = await seeded('tyk', { sendMail: () => {} })
    // The messages from and to the core have nearly the same length.
    texts.length = 0
    JSON.parse = (text, ...rest) => (texts.push(String(text)), parse(text, ...rest))
    try {
      const before = store.steps
      assert.equal((await send(directory, 'POST', '/api/password/forgot', { body: { email_address: address } })).status, 200)
      const results = texts.filter((text) => text.includes('"mails"'))
      lengths.push([store.steps - before, results.length, Math.round(Math.max(...results.map(({ length }) => length)) / 200)])
    } finally {
      JSON.parse = parse
    }
  }
  assert.deepEqual(lengths[0], lengths[1])
})

test('the log has mails only if there is no `sendMail`', async () => {
  const answers = []
  for (const sendMail of [undefined, () => {}]) {
    /** @type {any[]} */
    const events = []
    const { directory } = await seeded('tyk', { sendMail, log: (/** @type {any} */ event) => events.push(event) })
    for (const address of ['ann@example.org', 'nobody@example.org']) {
      answers.push((await send(directory, 'POST', '/api/password/forgot', { body: { email_address: address } })).text)
      await afterAnswer()
    }
    assert.equal(events.length, 2)
    const [known, unknown] = events
    assert.ok(!Object.hasOwn(unknown, 'mails'))
    assert.equal(Object.hasOwn(known, 'mails'), sendMail === undefined)
    if (sendMail) {
      assert.ok(!JSON.stringify(known).includes('token'))
      continue
    }
    const [{ to, link, token }, ...rest] = known.mails
    assert.deepEqual([to, link, rest], ['ann@example.org', `/password/reset?token=${token}`, []])
    assert.equal((await send(directory, 'POST', '/api/password/reset', { body: { token, new_password: 'another one' } })).status, 200)
    assert.ok(!Object.hasOwn(events[2], 'mails'))
  }
  assert.equal(new Set(answers).size, 1)
})

test('a mail that fails does not change the response, and the log has the error', async () => {
  const failure = new Error('no route to the mail server')
  /** @type {unknown[]} */
  const unhandled = []
  const note = (/** @type {unknown} */ reason) => void unhandled.push(reason)
  process.on('unhandledRejection', note)
  const late = () => new Promise((_resolve, reject) => setImmediate(reject, failure))
  for (const sendMail of [() => { throw failure }, () => Promise.reject(failure), late]) {
    const { ask, events } = await mailing(sendMail)
    assert.equal((await ask()).status, 200)
    await afterAnswer()
    for (let round = 0; round < 3; round += 1) await settle()
    assert.deepEqual(events, [answered, [200, '/api/password/forgot', failure]])
  }
  process.off('unhandledRejection', note)
  assert.deepEqual(unhandled, [])
})

test('`waitUntil` gets a promise that resolves when the mail is sent', async () => {
  /** @type {(() => void)[]} */
  const ends = []
  const { directory, events } = await mailing(() => new Promise((resolve) => ends.push(() => resolve(undefined))))
  const request = (body = JSON.stringify(forgot.body)) => new Request('http://127.0.0.1/api/password/forgot', { method: 'POST', body })
  /** @type {Promise<unknown>[]} */
  const work = []
  const host = { waitUntil(/** @type {Promise<unknown>} */ promise) { assert.equal(this, host); work.push(promise) } }
  assert.equal((await directory.fetch(request(), host)).status, 200)
  assert.equal(work.length, 1)
  let isOut = false
  void work[0].then(() => (isOut = true))
  await afterAnswer()
  assert.equal(isOut, false)
  ends[0]()
  await work[0]
  // Also for an unknown address.
  await directory.fetch(request('{"email_address":"nobody@example.org"}'), host)
  assert.equal(work.length, 2)
  await work[1]
  // What else a host gives is not its concern.
  for (const other of /** @type {any[]} */ ([undefined, null, {}, { waitUntil: undefined }, 5])) assert.equal((await directory.fetch(request(), other)).status, 200)
  await afterAnswer()
  assert.ok(events.every(([, , failure]) => failure === undefined))
  const throwing = { waitUntil() { throw new Error('too late') } }
  assert.equal((await directory.fetch(request(), throwing)).status, 200)
  assert.equal(events.at(-1)[2].message, 'too late')
  await afterAnswer()
  for (const end of ends) end()
})
