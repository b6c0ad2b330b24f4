// @ts-check
// The store in a file of libSQL.

import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createClient } from '@libsql/client'
import { libsqlStore } from 'latchwork/stores/libsql'
import { contents, contract, refused } from '../support/stores/contract.mjs'

const folder = mkdtempSync(join(tmpdir(), 'latchwork-stores-'))
after(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
const fresh = () => join(folder, `${(files += 1)}.db`)

contract('libsql file', () => {
  const file = fresh()
  return { open: () => libsqlStore({ file }) }
}, { shared: true, runs: 40 })

const put = { key: 'a', expect: null, value: 'x' }

test('a path can have any characters', async () => {
  const odd = join(folder, 'odd')
  const names = ['a b', 'c?mode=ro', 'd#e', 'f%41', "g'h", 'é😀']
  for (const name of names) {
    const store = libsqlStore({ file: `${odd}-${name}` })
    assert.equal(await store.commit([put]), true)
    store.close?.()
  }
  assert.deepEqual(readdirSync(folder).filter((name) => name.startsWith('odd-') && !/-(shm|wal)$/.test(name)).sort(), names.map((name) => `odd-${name}`).sort())
})

test('invalid options are refused at once, and no message repeats them', () => {
  const open = /** @type {any} */ (libsqlStore)
  for (const [options, code] of /** @type {[any, string][]} */ ([
    [undefined, 'wrong_type'], [null, 'wrong_type'], ['x.db', 'wrong_type'], [{}, 'wrong_type'], [{ file: 5 }, 'wrong_type'], [{ url: 5 }, 'wrong_type'],
    [{ file: '' }, 'invalid_value'], [{ file: 'a\0b' }, 'invalid_value'], [{ file: ':memory:' }, 'invalid_value'], [{ file: 'https://secret.example' }, 'invalid_value'],
    [{ file: 'x', url: 'https://secret.example' }, 'invalid_value'], [{ file: 'x', authToken: 'secret' }, 'invalid_value'],
    [{ url: 'secret' }, 'invalid_value'], [{ url: 'file:x.db' }, 'invalid_value'], [{ url: 'wss://secret.example' }, 'invalid_value'], [{ url: 'https://secret@example.org' }, 'invalid_value'],
    [{ url: 'https://a:secret@example.org' }, 'invalid_value'], [{ url: 'libsql://example.org?authToken=secret' }, 'invalid_value'], [{ url: 'https://example.org#secret' }, 'invalid_value'],
    [{ url: 'https://example.org', authToken: 5 }, 'wrong_type'], [{ file: 'x', timeout: 'long' }, 'wrong_type'], [{ file: 'x', timeout: 0 }, 'out_of_range'], [{ file: 'x', timeout: NaN }, 'out_of_range'],
  ])) {
    assert.throws(() => open(options), (/** @type {any} */ error) => error.name === 'LatchworkError' && error.code === code && !error.message.includes('secret'), JSON.stringify(options))
  }
})

test('a file that is not a database, or cannot be one, is unavailable, and is not changed', async () => {
  const file = fresh()
  writeFileSync(file, 'no database at all '.repeat(100))
  const error = await refused(() => libsqlStore({ file }).commit([put]), 'store_unavailable')
  assert.match(/** @type {any} */ (error.cause).message, /not a database/)
  await refused(() => libsqlStore({ file: folder }).read(['a']), 'store_unavailable')
  await refused(() => libsqlStore({ file: join(folder, 'none', 'x.db') }).read(['a']), 'store_unavailable')
})

test('a file of another format is refused, also if only some tables exist', async () => {
  for (const statements of [
    ['CREATE TABLE latchwork_store (id INTEGER, format INTEGER, last INTEGER)', 'CREATE TABLE latchwork_entries (key TEXT)', 'INSERT INTO latchwork_store VALUES (1, 2, 0)'],
    ['CREATE TABLE latchwork_store (id INTEGER, format INTEGER, last INTEGER)', 'CREATE TABLE latchwork_entries (key TEXT)'],
    ['CREATE TABLE latchwork_store (colour TEXT)', 'CREATE TABLE latchwork_entries (key TEXT)', "INSERT INTO latchwork_store VALUES ('red')"],
    ['CREATE TABLE latchwork_entries (key TEXT)'],
    ['CREATE TABLE latchwork_store (id INTEGER)'],
  ]) {
    const file = fresh()
    const client = createClient({ url: `file:${file}` })
    await client.batch(statements, 'write')
    const before = (await client.execute('SELECT sql FROM sqlite_schema')).rows.map((row) => row.sql)
    await refused(() => libsqlStore({ file }).commit([put]), 'unknown_format')
    assert.deepEqual((await client.execute('SELECT sql FROM sqlite_schema')).rows.map((row) => row.sql), before)
    client.close()
  }
})

test('other tables of the database are not changed', async () => {
  const file = fresh()
  const client = createClient({ url: `file:${file}` })
  await client.batch(["CREATE TABLE entries (key TEXT)", "INSERT INTO entries VALUES ('mine')"], 'write')
  const store = libsqlStore({ file })
  assert.equal(await store.commit([put]), true)
  assert.deepEqual((await client.execute('SELECT key FROM entries')).rows.map(({ key }) => key), ['mine'])
  client.close()
  store.close?.()
})

test('concurrent openings of one new file all succeed', async () => {
  const file = fresh()
  const stores = Array.from({ length: 16 }, () => libsqlStore({ file }))
  const made = await Promise.all(stores.map((store, index) => store.commit([{ key: `k${index}`, expect: null, value: '' }])))
  assert.ok(made.every(Boolean))
  assert.equal((await contents(stores[0])).length, 16)
  for (const store of stores) store.close?.()
})

test('a file that is locked for too long is unavailable, and works again afterwards', async () => {
  const file = fresh()
  const store = libsqlStore({ file, timeout: 300 })
  assert.equal(await store.commit([put]), true)
  const held = await contents(store)
  const client = createClient({ url: `file:${file}` })
  const transaction = await client.transaction('write')
  const error = await refused(() => store.commit([{ key: 'b', expect: null, value: '' }]), 'store_unavailable')
  assert.equal(/** @type {any} */ (error.cause).code, 'SQLITE_BUSY')
  assert.deepEqual(await contents(store), held, 'readers go on meanwhile')

  const waiting = libsqlStore({ file }).commit([{ key: 'c', expect: null, value: '' }])
  setTimeout(() => transaction.rollback(), 100)
  assert.equal(await waiting, true)
  assert.equal(await store.commit([{ key: 'b', expect: null, value: '' }]), true)
  client.close()
  store.close?.()
})

test('a store that failed to open is opened by the next call', async () => {
  const file = fresh()
  const client = createClient({ url: `file:${file}` })
  await client.execute('CREATE TABLE other (x)')
  const transaction = await client.transaction('write')
  const store = libsqlStore({ file, timeout: 100 })
  await refused(() => store.commit([put]), 'store_unavailable')
  await transaction.rollback()
  assert.equal(await store.commit([put]), true)
  client.close()
  store.close?.()
})

test('a commit that the engine aborts changes nothing', async () => {
  const file = fresh()
  const store = libsqlStore({ file })
  assert.equal(await store.commit([put]), true)
  const held = await contents(store)
  const client = createClient({ url: `file:${file}` })
  await client.execute("CREATE TRIGGER broken BEFORE INSERT ON latchwork_entries WHEN new.key = 'bad' BEGIN SELECT RAISE(ABORT, 'broken'); END")
  const changes = ['b', 'bad', 'c'].map((key) => ({ key, expect: null, value: '' }))
  // A broken constraint, and still no answer to what was expected.
  await refused(() => store.commit([{ key: 'a', expect: held[0].version, value: 'y' }, ...changes]), 'store_unavailable')
  assert.deepEqual(await contents(store), held)
  await client.execute('DROP TRIGGER broken')
  assert.equal(await store.commit(changes), true)
  client.close()
  store.close?.()
})

test('a row that no store wrote is read like it is listed: as text, or as an error', async () => {
  const file = fresh()
  const store = libsqlStore({ file })
  assert.equal(await store.commit([{ key: 'k', expect: null, value: '' }]), true)
  await store.close?.()
  const client = createClient({ url: `file:${file}` })
  /** The value and the version in SQL, and the text that they are; null for an error. @type {[string, string, string | null][]} */
  const rows = [
    ["X'7b7d'", '5', '{}'], ["X''", '5', ''], ['12', '5', '12'], ["json('[1]')", '5', '[1]'], ["CAST(X'610062' AS TEXT)", '5', 'a\0b'],
    ["'\"\\' || char(8, 10, 31, 127, 8232, 65279, 1114111)", '5', '"\\\b\n\x1f\x7f\u2028\ufeff\u{10ffff}'],
    ["X'ff'", '5', null], ["CAST(X'61ff62' AS TEXT)", '5', null], ["CAST(X'eda080' AS TEXT)", '5', null],
    ["'a'", "'abc'", null], ["'a'", '1.5', null], ["'a'", "X'01'", null], ["'a'", '9e999', null], ["'a'", '9007199254740993', null],
  ]
  for (const [value, version, text] of rows) {
    await client.execute(`UPDATE latchwork_entries SET value = ${value}, version = ${version}`)
    for (const read of [(/** @type {any} */ store) => store.read(['k']), (/** @type {any} */ store) => store.scan('', null, 1)]) {
      // A store that found damage refuses everything after it.
      const store = libsqlStore({ file })
      if (text === null) await refused(() => read(store), 'store_unavailable')
      else assert.deepEqual(await read(store), [{ key: 'k', value: text, version: 5 }], value)
      await store.close?.()
    }
  }
  client.close()
})
