// @ts-check
// `latchwork serve` from its first start to its end: sign-ins, stored data, output.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { get, request } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { libsqlStore } from 'latchwork/stores/libsql'
import { assertRefused, systems } from '../support/directory/products.mjs'
import { file, freshPath, run, serve } from '../support/serve-process.mjs'

const ADMINISTRATOR = { active: true, passwd: 'tiger-and-lion', grants: { _system: { level: 'rw' } } }
const records = { users: { ann: ADMINISTRATOR, bob: { active: true, passwd: 'bears-of-bob' } } }

const basic = (/** @type {string} */ name, /** @type {string} */ password) => `Basic ${btoa(`${name}:${password}`)}`
const asAnn = basic('ann', ADMINISTRATOR.passwd)

/** @param {string} address @param {string} path @param {string} authorization @param {{ method?: string, body?: unknown }} [request] */
async function ask(address, path, authorization, { method = 'GET', body } = {}) {
  const response = await fetch(address + path, { method, headers: { authorization }, body: body === undefined ? null : JSON.stringify(body) })
  return { status: response.status, body: await response.json().catch(() => null) }
}

/** Sends records with a secret. @param {string} address @param {string} secret @param {unknown} [body] */
const bootstrap = (address, secret, body = records) => ask(address, '/_latchwork/bootstrap', `Bootstrap ${secret}`, { method: 'POST', body })

/** The secret of the curl line, which is printed to another stream than the line with the address. @param {{ err: string }} output */
async function secretOf(output) {
  for (let tries = 0; tries < 200 && !output.err.includes('/_latchwork/bootstrap\n'); tries += 1) await wait(10)
  return secretIn(output.err)
}

/** @param {string} text */
const secretIn = (text) => /^curl -H 'Authorization: Bootstrap ([0-9a-f]{64})' --data-binary @records\.json http:\/\/127\.0\.0\.1:\d+\/_latchwork\/bootstrap$/m.exec(text)?.[1]

test('the printed curl line fills an empty store once', async () => {
  const { address, starting, stop, output } = await serve('--system', 'arangodb')
  const lines = starting.trimEnd().split('\n')
  assert.equal(lines.at(-1), `latchwork serve: listening on ${address}`)
  assert.match(address, /^http:\/\/127\.0\.0\.1:\d+$/)
  const secret = (await secretOf(output)) ?? assert.fail(output.err)
  assert.equal((await ask(address, '/_api/user', basic('root', ''))).status, 401)
  assert.equal((await bootstrap(address, secret.replace(/^./, (letter) => (letter === '0' ? '1' : '0')))).status, 401)
  const wrong = await bootstrap(address, secret, { users: { ann: { passwd: 1 } } })
  assert.deepEqual([wrong.status, wrong.body.error.problems.map((/** @type {any} */ { path }) => path)], [400, ['/users/ann/passwd']])
  assert.equal((await bootstrap(address, secret)).status, 204)
  assert.equal((await bootstrap(address, secret)).status, 401)
  assert.equal((await ask(address, '/_api/user', asAnn)).body.result.length, 2)
  assert.equal(await stop(), 0)
  assert.equal(output.out.split(secret).length, 1, 'the secret is not in the log')
  assert.equal(output.err.split(secret).length, 2, 'the secret is printed once')
})

test('failed sign-ins are counted by the address of the connection', async () => {
  const store = freshPath('.db')
  const { port, stop } = await serve('--system', 'arangodb', '--seed', file(records), '--store', `file:${store}`)
  for (const localAddress of ['127.0.0.1', '127.0.0.2', '127.0.0.1']) {
    const sent = get({ host: '127.0.0.1', port, localAddress, path: '/_api/user', headers: { authorization: basic('ann', 'wrong') } })
    const [answer] = await once(sent, 'response')
    assert.equal(answer.resume().statusCode, 401)
  }
  assert.equal(await stop(), 0)
  const kept = libsqlStore({ file: store })
  const counts = (await kept.scan('brake/', null, 5)).map(({ value }) => JSON.parse(value).failures)
  await kept.close?.()
  assert.deepEqual(counts.sort(), [1, 2])
})

for (const system of systems) {
  test(`${system}: a target that is refused gets 400 in the form of the product's errors, and is logged without its query`, async () => {
    const { port, stop, log } = await serve('--system', system)
    for (const method of ['GET', 'HEAD']) {
      const [response] = await once(request({ host: '127.0.0.1', port, method, path: '/a/../scim2/Users?token=tiger' }).end(), 'response')
      let text = ''
      for await (const part of response.setEncoding('utf8')) text += part
      assert.deepEqual([response.statusCode, response.headers['cache-control']], [400, 'no-store'])
      if (method === 'HEAD') assert.equal(text, '')
      else assertRefused(system, { status: 400, body: JSON.parse(text), text }, text)
    }
    assert.equal(await stop(), 0)
    assert.deepEqual(log().map(({ method, path, status }) => [method, path, status]), [['GET', '/a/../scim2/Users', 400], ['HEAD', '/a/../scim2/Users', 400]])
  })
}

test('a seed is imported at the start, and only its users exist', async () => {
  const { address, output, stop } = await serve('--system', 'arangodb', '--seed', file(`\uFEFF${JSON.stringify(records)}`))
  assert.deepEqual((await ask(address, '/_api/user', asAnn)).body.result.map((/** @type {any} */ { user }) => user), ['ann', 'bob'])
  assert.equal((await ask(address, '/_api/user', basic('root', ''))).status, 401)
  assert.equal(await stop('SIGINT'), 0)
  assert.equal(output.err, '')
})

test('a seed without users keeps the bootstrap request open', async () => {
  const { address, output, stop } = await serve('--system', 'arangodb', '--seed', file({ users: {} }))
  const secret = (await secretOf(output)) ?? ''
  const empty = await bootstrap(address, secret, { databases: { shop: [] } })
  assert.deepEqual([empty.status, empty.body.error.code], [400, 'no_users'])
  assert.equal((await bootstrap(address, secret)).status, 204)
  assert.equal((await ask(address, '/_api/user', asAnn)).status, 200)
  await stop()
})

test('another product is served by its name', async () => {
  const { address, stop } = await serve('--system', 'meuse', '--seed', file({ users: [{ name: 'ann', role: 'admin', active: true, password: 'tiger-and-lion', description: 'x' }] }))
  const made = await ask(address, '/api/v1/meuse/token', '', { method: 'POST', body: { name: 'laptop', user: 'ann', password: 'tiger-and-lion', validity: 1 } })
  assert.equal(made.status, 200)
  const { status, body } = await ask(address, '/api/v1/meuse/user', made.body.token)
  assert.deepEqual([status, body.users.map((/** @type {any} */ { name }) => name)], [200, ['ann']])
  await stop()
})

test('a file keeps users, passwords, grants and tokens, and a second seed is skipped with a message', async () => {
  const store = `file:${freshPath('.db')}`
  const seed = file(records)
  const first = await serve('--system', 'arangodb', '--store', store, '--seed', seed)
  assert.equal((await ask(first.address, '/_api/user', asAnn, { method: 'POST', body: { user: 'eve', passwd: 'eagle-of-eve' } })).status, 201)
  assert.equal((await ask(first.address, '/_api/user/bob', asAnn, { method: 'PATCH', body: { passwd: 'beaver-of-bob' } })).status, 200)
  assert.equal((await ask(first.address, '/_api/user/bob/database/_system', asAnn, { method: 'PUT', body: { grant: 'ro' } })).status, 200)
  const { jwt } = (await ask(first.address, '/_open/auth', '', { method: 'POST', body: { username: 'eve', password: 'eagle-of-eve' } })).body
  assert.equal(await first.stop(), 0)
  // The file alone is all there is, and its owner's alone.
  const path = store.slice('file:'.length)
  assert.equal(existsSync(`${path}-wal`) ? readFileSync(`${path}-wal`).length : 0, 0)
  assert.equal(statSync(path).mode & 0o077, 0)

  const second = await serve('--system', 'arangodb', '--store', store, '--seed', seed)
  assert.match(second.starting, /has users already: the seed `.+` was skipped/)
  assert.equal(secretIn(second.output.err), undefined)
  assert.equal((await ask(second.address, '/_api/user', asAnn)).body.result.length, 3)
  assert.equal((await ask(second.address, '/_api/user/bob', basic('bob', 'bears-of-bob'))).status, 401)
  assert.equal((await ask(second.address, '/_api/user/bob', basic('bob', 'beaver-of-bob'))).status, 200)
  assert.equal((await ask(second.address, '/_api/user/bob/database/_system', asAnn)).body.result, 'ro')
  assert.equal((await ask(second.address, '/_api/user/eve', `Bearer ${jwt}`)).status, 200)
  assert.equal(await second.stop(), 0)
})

test('two servers over one file see one another\'s changes at the next request', async () => {
  const store = `file:${freshPath('.db')}`
  const one = await serve('--system', 'arangodb', '--store', store, '--seed', file(records))
  const two = await serve('--system', 'arangodb', '--store', store)
  assert.equal((await ask(two.address, '/_api/user/bob', basic('bob', 'bears-of-bob'))).status, 200)
  assert.equal((await ask(one.address, '/_api/user/bob', asAnn, { method: 'PATCH', body: { active: false } })).status, 200)
  assert.equal((await ask(two.address, '/_api/user/bob', basic('bob', 'bears-of-bob'))).status, 401)
  await Promise.all([one.stop(), two.stop()])
})

test('each request is one line of the log, and neither output nor store has a secret in clear text', async () => {
  const path = freshPath('.db')
  const { address, port, output, log, stop } = await serve('--system', 'arangodb', '--store', `file:${path}`, '--seed', file(records))
  const secrets = ['tiger-and-lion', 'bears-of-bob', 'a-wrong-secret', 'otter-of-oto', asAnn.slice(6), basic('bob', 'a-wrong-secret').slice(6)]
  await ask(address, '/_api/user?full=a-wrong-secret', asAnn)
  await ask(address, '/_api/user/bob', basic('bob', 'a-wrong-secret'))
  await ask(address, '/_api/user', basic('bob', 'bears-of-bob'))
  await ask(address, '/_api/user', asAnn, { method: 'POST', body: { user: 'o\nto', passwd: 'otter-of-oto' } })
  await ask(address, '/_api/user', asAnn, { method: 'POST', body: '{"user": "a-wrong-secret' })
  await ask(address, '/_api/user/a%0Ab', asAnn)
  const { jwt } = (await ask(address, '/_open/auth', '', { method: 'POST', body: { username: 'ann', password: 'tiger-and-lion' } })).body
  await ask(address, '/_api/user/bob', `Bearer ${jwt}`)
  await new Promise((resolve) => connect(port, '127.0.0.1').end('GET http://root:a-wrong-secret@h/ HTTP/1.1\r\nHost: h\r\n\r\n').resume().on('close', resolve))
  assert.equal(await stop(), 0)

  const lines = log()
  assert.deepEqual(lines.map(({ method, path, status, actor }) => [method, path, status, actor]), [
    ['GET', '/_api/user', 200, 'ann'],
    ['GET', '/_api/user/bob', 401, null],
    ['GET', '/_api/user', 401, 'bob'],
    ['POST', '/_api/user', 201, 'ann'],
    ['POST', '/_api/user', 400, 'ann'],
    ['GET', '/_api/user/a%0Ab', 404, 'ann'],
    ['POST', '/_open/auth', 200, lines[6].actor],
    ['GET', '/_api/user/bob', 200, 'ann'],
    ['GET', '/', 400, null],
  ])
  for (const line of lines) {
    assert.deepEqual(Object.keys(line), ['time', 'method', 'path', 'status', 'actor', 'rule', 'ms'])
    assert.ok(Number.isFinite(line.ms) && !Number.isNaN(Date.parse(line.time)))
  }
  assert.equal(typeof lines[0].rule, 'string')
  assert.equal(output.err, '')
  const kept = [path, `${path}-wal`].filter(existsSync).map((path) => readFileSync(path, 'latin1')).join('')
  /** @type {string[]} */
  const hashes = kept.match(/\$argon2id\$[\w$=,+/-]+/g) ?? []
  assert.ok(hashes.length >= 3)
  for (const secret of [...secrets, ...hashes, ...jwt.split('.').slice(1)]) {
    assert.ok(!output.out.includes(secret), secret)
    if (!hashes.includes(secret)) assert.ok(!kept.includes(secret), secret)
  }
})

test('a closed log stream does not end the server', async () => {
  const { address, leave, stop } = await serve('--system', 'arangodb', '--seed', file(records))
  leave()
  for (let times = 0; times < 3; times += 1) {
    assert.equal((await ask(address, '/_api/user', asAnn)).status, 200)
    await wait(50)
  }
  assert.equal(await stop(), 0)
})

test('the server stops while clients keep connections open', async () => {
  const { port, stop } = await serve('--system', 'arangodb', '--seed', file(records))
  const hanging = ['', 'GET / HT', 'POST /_api/user HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf', 'GET / HTTP/1.1\r\nHost: h\r\n\r\n'].map((sent) => {
    const socket = connect(port, '127.0.0.1').on('error', () => {})
    socket.write(sent)
    return socket.resume()
  })
  await wait(200)
  assert.equal(await stop(), 0)
  for (const socket of hanging) socket.destroy()
})

test('a missing seed file is an error, with users or without', async () => {
  const store = `file:${freshPath('.db')}`
  await (await serve('--system', 'arangodb', '--store', store, '--seed', file(records))).stop()
  assert.equal((await run('serve', '--system', 'arangodb', '--port', '0', '--store', store, '--seed', freshPath())).code, 2)
})

test('a store of another product is refused in one line, and a failed start changes no store', async () => {
  const store = `file:${freshPath('.db')}`
  const { port, stop } = await serve('--system', 'arangodb', '--store', store, '--seed', file(records))
  const other = `file:${freshPath('.db')}`
  const refused = await run('serve', '--system', 'arangodb', '--store', other, '--seed', file(records), '--port', String(port))
  assert.equal(refused.code, 2)
  assert.match(refused.err, /port_in_use/)
  const empty = await serve('--system', 'arangodb', '--store', other)
  assert.ok(await secretOf(empty.output))
  await empty.stop()
  await stop()
  for (const seed of [[], ['--seed', file({ users: [] })]]) {
    const mistaken = await run('serve', '--system', 'meuse', '--store', store, '--port', '0', ...seed)
    assert.equal(mistaken.code, 2)
    assert.match(mistaken.err, /^latchwork: .*"arangodb".*type another `--store`.*wrong_system.\n$/)
  }
})
