// @ts-check
// The contract of stores as tests: each store's test file calls this once.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { LatchworkError } from 'latchwork'
import { byBytes, compareWithMap } from './reference-map.mjs'

/** @typedef {import('latchwork/stores/memory').Store} Store */
/** @typedef {import('latchwork/stores/memory').Entry} Entry */

/**
 * A place that stores are opened on: empty at first, and the same for all of them.
 * @typedef {{ open: () => Store | Promise<Store>, remove?: () => void | Promise<void> }} Place
 */

/** Keys and values that trip those who quote, count or cut by hand. */
const ODD = [
  '', ' ', '\0', 'a\0', 'a\0b', 'a\u0001', '\u0001', '\u0001\u0001', '\u0002', '\u007f', '%', '_', '*', '?', '[a]', '\\', "'", "''", '"', '`', ';--', '$1', ':key', '\n', '\r\n',
  'é', 'e\u0301', '\ud7ff', '\ue000', '\ufeff', '\ufffd', '\uffff', '😀', '😀😀', '\u{10ffff}', '\u{10ffff}\u{10ffff}', 'null', 'undefined', '__proto__', 'constructor', '0', '1e3', 'x'.repeat(4_096),
]

/** Everything that a store holds. @param {Store} store */
export const contents = (store) => store.scan('', null, 100_000)

/** A call that is refused with this code, and with manners. @param {() => Promise<unknown>} call @param {string} code */
export async function refused(call, code) {
  const error = await call().then(() => assert.fail(`expected ${code}`), (error) => error)
  assert.ok(error instanceof LatchworkError, error)
  assert.equal(error.code, code, `${error.message}: ${error.cause}`)
  assert.match(error.message, /^[a-z].*[^.]$/s)
  return error
}

/** The version of a key that is there. @param {Store} store @param {string} key */
export async function versionOf(store, key) {
  const [entry] = await store.read([key])
  assert.ok(entry, key)
  return entry.version
}

/**
 * @param {string} name
 * @param {() => Place | Promise<Place>} make an empty place
 * @param {{ shared: boolean, runs?: number }} options whether a second store on the same place sees what the first wrote
 */
export function contract(name, make, { shared, runs = 30 }) {
  /** @type {Place[]} */
  const places = []
  /** @type {Store[]} */
  const stores = []

  async function place() {
    const place = await make()
    places.push(place)
    const open = async () => {
      const store = await place.open()
      stores.push(store)
      return store
    }
    return { store: await open(), open }
  }

  /** A store that holds these keys. @param {readonly string[]} keys */
  async function storeWith(keys) {
    const { store } = await place()
    assert.equal(await store.commit(keys.map((key) => ({ key, expect: null, value: `value of ${key}` }))), true)
    return store
  }

  after(async () => {
    for (const store of stores) await store.close?.()
    for (const place of places) await place.remove?.()
  })

  /** @type {Store} */
  let store
  before(async () => {
    store = (await place()).store
  })

  test(`${name}: a read returns entries in the order of its keys, and null for missing ones`, async () => {
    assert.deepEqual(await store.read([]), [])
    assert.deepEqual(await store.read(['r/none']), [null])
    assert.equal(await store.commit([{ key: 'r/b', expect: null, value: 'B' }, { key: 'r/a', expect: null, value: '' }]), true)
    const [b, none, a, again] = await store.read(['r/b', 'r/none', 'r/a', 'r/b'])
    assert.equal(none, null)
    assert.deepEqual([a?.key, a?.value, b?.key, b?.value], ['r/a', '', 'r/b', 'B'])
    assert.deepEqual(again, b)
    assert.ok(Number.isSafeInteger(a?.version) && Number(a?.version) > 0)
    assert.deepEqual(Object.keys(/** @type {Entry} */ (a)).sort(), ['key', 'value', 'version'])
  })

  test(`${name}: a read takes many keys`, async () => {
    const keys = Array.from({ length: 3_000 }, (_, index) => `many/${index}`)
    assert.equal(await store.commit(keys.map((key) => ({ key, expect: null, value: key }))), true)
    const read = await store.read([...keys, 'many/none'].reverse())
    assert.deepEqual(read.map((entry) => entry?.value), [undefined, ...keys.toReversed()])
    assert.equal((await store.scan('many/', null, 10_000)).length, 3_000)
    assert.equal(await store.commit(read.slice(1).map((entry) => ({ key: String(entry?.key), expect: Number(entry?.version), value: null }))), true)
  })

  test(`${name}: results are copies, and arguments are copied at the call`, async () => {
    const store = await storeWith(['a'])
    const [first] = await store.read(['a'])
    Object.assign(/** @type {Entry} */ (first), { value: 'mine', version: 99 })
    const [second] = await store.scan('a', null, 1)
    assert.equal(second.value, 'value of a')
    Object.assign(second, { value: 'mine' })

    /** @type {import('latchwork/stores/memory').Change[]} */
    const changes = [{ key: 'b', expect: null, value: 'one' }]
    const done = store.commit(changes)
    changes[0].key = 'c'
    changes.push({ key: 'd', expect: 5 })
    assert.equal(await done, true)
    assert.deepEqual((await contents(store)).map(({ key, value }) => [key, value]), [['a', 'value of a'], ['b', 'one']])
  })

  test(`${name}: a scan is ordered by the bytes of UTF-8, not by UTF-16`, async () => {
    const store = await storeWith(ODD)
    const found = await contents(store)
    assert.deepEqual(found.map(({ key }) => key), byBytes(ODD))
    assert.ok(found.findIndex(({ key }) => key === '\uffff') < found.findIndex(({ key }) => key === '😀'))
    for (const { key, value } of found) assert.equal(value, `value of ${key}`)
    assert.deepEqual(await store.read(ODD), ODD.map((key) => found.find((entry) => entry.key === key)))
    // One by one, each going on after the last.
    let after = null
    for (const expected of found) {
      const [entry] = /** @type {Entry[]} */ (await store.scan('', after, 1))
      assert.deepEqual(entry, expected)
      after = entry.key
    }
    assert.deepEqual(await store.scan('', after, 1), [])
  })

  test(`${name}: a prefix matches only the keys that start with it`, async () => {
    const keys = [...new Set(ODD.flatMap((odd) => [odd, `p${odd}`, `p${odd}q`, `P${odd}`]))]
    const store = await storeWith(keys)
    for (const prefix of [...ODD, ...ODD.map((odd) => `p${odd}`), 'none']) {
      const expected = byBytes(keys.filter((key) => key.startsWith(prefix)))
      assert.deepEqual((await store.scan(prefix, null, 10_000)).map(({ key }) => key), expected, JSON.stringify(prefix))
      for (const after of ['', prefix, `${prefix}q`, expected[1] ?? '', '\u{10ffff}', 'o', 'q']) {
        const rest = expected.filter((key) => Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0)
        assert.deepEqual((await store.scan(prefix, after, 10_000)).map(({ key }) => key), rest, JSON.stringify([prefix, after]))
      }
    }
  })

  test(`${name}: a prefix that another prefix starts with`, async () => {
    const keys = ['user', 'user/', 'user/a', 'user/a/b', 'user0', 'user:x', 'user.a', 'users/a', 'use', 'usf']
    const store = await storeWith(keys)
    const scan = async (/** @type {string} */ prefix) => (await store.scan(prefix, null, 100)).map(({ key }) => key)
    assert.deepEqual(await scan('user/'), ['user/', 'user/a', 'user/a/b'])
    assert.deepEqual(await scan('user/a'), ['user/a', 'user/a/b'])
    assert.deepEqual(await scan('user'), ['user', 'user.a', 'user/', 'user/a', 'user/a/b', 'user0', 'user:x', 'users/a'])
    assert.deepEqual(await scan('us'), byBytes(keys))
    assert.deepEqual(await scan('v'), [])
  })

  test(`${name}: a scan returns at most its limit, and a limit of 0 returns nothing`, async () => {
    const store = await storeWith(['a/1', 'a/2', 'a/3', 'b'])
    const scan = async (/** @type {string | null} */ after, /** @type {number} */ limit) => (await store.scan('a/', after, limit)).map(({ key }) => key)
    assert.deepEqual(await scan(null, 0), [])
    assert.deepEqual(await scan(null, 1), ['a/1'])
    assert.deepEqual(await scan('a/1', 1), ['a/2'])
    assert.deepEqual(await scan('a/1x', 9), ['a/2', 'a/3'])
    assert.deepEqual(await scan('a/3', 9), [])
    assert.deepEqual(await scan('A', 9), ['a/1', 'a/2', 'a/3'])
    assert.deepEqual(await scan('b', 9), [])
    assert.deepEqual(await scan(null, Number.MAX_SAFE_INTEGER), ['a/1', 'a/2', 'a/3'])
  })

  test(`${name}: a commit whose expectations hold is applied completely`, async () => {
    const store = await storeWith(['a', 'b', 'c'])
    const [a, b, c] = await contents(store)
    assert.equal(await store.commit([
      { key: 'a', expect: a.version, value: 'new' }, { key: 'b', expect: b.version, value: null }, { key: 'c', expect: c.version },
      { key: 'd', expect: null, value: 'made' }, { key: 'e', expect: null }, { key: 'f', expect: null, value: null },
    ]), true)
    const found = await contents(store)
    assert.deepEqual(found.map(({ key, value }) => [key, value]), [['a', 'new'], ['c', 'value of c'], ['d', 'made']])
    assert.ok(found[0].version > a.version)
    assert.deepEqual(found[1], c)
  })

  test(`${name}: a commit with one failed expectation at any position changes nothing`, async () => {
    const store = await storeWith(['a', 'b', 'c'])
    const held = await contents(store)
    const [a, b, c] = held
    /** @type {import('latchwork/stores/memory').Change[]} */
    const good = [{ key: 'a', expect: a.version, value: 'new' }, { key: 'b', expect: b.version, value: null }, { key: 'd', expect: null, value: 'made' }]
    for (const bad of [
      { key: 'c', expect: null, value: 'x' }, { key: 'c', expect: null }, { key: 'c', expect: null, value: null }, { key: 'c', expect: c.version + 1, value: 'x' }, { key: 'c', expect: c.version + 1 },
      { key: 'c', expect: c.version + 1, value: null }, { key: 'none', expect: 1 }, { key: 'none', expect: 1, value: 'x' }, { key: 'none', expect: a.version, value: null },
    ]) {
      for (let at = 0; at <= good.length; at += 1) {
        assert.equal(await store.commit(good.toSpliced(at, 0, bad)), false, JSON.stringify(bad))
        assert.deepEqual(await contents(store), held)
      }
    }
    assert.equal(await store.commit(good), true)
  })

  test(`${name}: an expectation at the end of a long commit is checked`, async () => {
    const store = await storeWith(['held'])
    const many = Array.from({ length: 2_000 }, (_, index) => ({ key: `k${index}`, expect: null, value: 'v' }))
    assert.equal(await store.commit([...many, { key: 'held', expect: null }]), false)
    assert.equal((await contents(store)).length, 1)
  })

  test(`${name}: a commit without changes checks its expectations`, async () => {
    const store = await storeWith(['a'])
    const held = await contents(store)
    assert.equal(await store.commit([{ key: 'a', expect: held[0].version }, { key: 'none', expect: null }]), true)
    assert.equal(await store.commit([{ key: 'a', expect: held[0].version + 1 }]), false)
    assert.equal(await store.commit([{ key: 'a', expect: null }]), false)
    assert.equal(await store.commit([{ key: 'none', expect: 1 }]), false)
    assert.equal(await store.commit([{ key: 'a', expect: held[0].version, value: undefined }]), true)
    assert.deepEqual(await contents(store), held)
  })

  test(`${name}: an empty commit succeeds`, async () => {
    assert.equal(await store.commit([]), true)
  })

  test(`${name}: a key never gets the same version twice, also after its deletion`, async () => {
    const { store } = await place()
    const seen = new Set()
    for (let round = 0; round < 5; round += 1) {
      assert.equal(await store.commit([{ key: 'a', expect: null, value: 'same' }]), true)
      for (let change = 0; change < 3; change += 1) {
        const version = await versionOf(store, 'a')
        assert.ok(!seen.has(version))
        seen.add(version)
        assert.equal(await store.commit([{ key: 'a', expect: version, value: change < 2 ? 'same' : null }]), true)
      }
      for (const version of seen) assert.equal(await store.commit([{ key: 'a', expect: version, value: 'old' }]), false)
    }
  })

  test(`${name}: unusual and large values are returned unchanged`, async () => {
    const values = [...ODD, '\0'.repeat(100), 'x'.repeat(100_000), '😀é\0"\\'.repeat(10_000), 'a'.repeat(1 << 20), '\u0001'.repeat(1_000)]
    const { store } = await place()
    assert.equal(await store.commit(values.map((value, index) => ({ key: `v${index}`, expect: null, value }))), true)
    const read = await store.read(values.map((_, index) => `v${index}`))
    read.forEach((entry, index) => assert.equal(entry?.value, values[index]))
    const long = '😀'.repeat(4_096)
    assert.equal(await store.commit([{ key: long, expect: null, value: long }]), true)
    assert.deepEqual((await store.scan('😀', null, 2)).map(({ value }) => value), [long])
  })

  test(`${name}: invalid arguments are refused before anything changes`, async () => {
    const { store: typed } = await place()
    const store = /** @type {any} */ (typed)
    const put = { key: 'a', expect: null, value: 'x' }
    for (const [call, code] of /** @type {[() => Promise<unknown>, string][]} */ ([
      [() => store.commit([put, { key: 'b', expect: null }, { key: 'a', expect: null }]), 'duplicate_key'],
      [() => store.commit([put, { key: 'b' }]), 'wrong_type'],
      [() => store.commit([put, { key: 'b', expect: '1' }]), 'wrong_type'],
      [() => store.commit([put, { key: 'b', expect: 0 }]), 'out_of_range'],
      [() => store.commit([put, { key: 'b', expect: 1.5 }]), 'out_of_range'],
      [() => store.commit([put, { key: 'b', expect: NaN }]), 'out_of_range'],
      [() => store.commit([put, { key: 'b', expect: 2 ** 53 }]), 'out_of_range'],
      [() => store.commit([put, { key: 5, expect: null }]), 'wrong_type'],
      [() => store.commit([put, { key: 'b', expect: null, value: 5 }]), 'wrong_type'],
      [() => store.commit([put, { key: 'b', expect: null, value: '\ud800' }]), 'malformed_string'],
      [() => store.commit([put, { key: '\udc00', expect: null, value: '' }]), 'malformed_string'],
      [() => store.commit([put, { key: 'k'.repeat(16_385), expect: null }]), 'too_large'],
      [() => store.commit([put, { key: 'b', expect: null, value: 'é'.repeat((1 << 19) + 1) }]), 'too_large'],
      [() => store.commit([put, null]), 'wrong_type'],
      [() => store.commit(put), 'wrong_type'],
      [() => store.commit(), 'wrong_type'],
      [() => store.read(['a', 5]), 'wrong_type'],
      [() => store.read('a'), 'wrong_type'],
      [() => store.read(['\ud800']), 'malformed_string'],
      [() => store.read(['k'.repeat(16_385)]), 'too_large'],
      [() => store.scan(null, null, 1), 'wrong_type'],
      [() => store.scan('', undefined, 1), 'wrong_type'],
      [() => store.scan('', null), 'wrong_type'],
      [() => store.scan('', null, -1), 'out_of_range'],
      [() => store.scan('', null, 0.5), 'out_of_range'],
      [() => store.scan('', null, Infinity), 'out_of_range'],
      [() => store.scan('\ud800', null, 1), 'malformed_string'],
      [() => store.scan('', '\ud800', 1), 'malformed_string'],
    ])) await refused(call, code)
    assert.deepEqual(await contents(typed), [])
  })

  test(`${name}: of two concurrent creations of a key one succeeds`, async () => {
    const { store, open } = await place()
    const other = shared ? await open() : store
    for (let round = 0; round < 20; round += 1) {
      const make = (/** @type {Store} */ store, /** @type {string} */ value) => store.commit([{ key: `name${round}`, expect: null, value }])
      const made = await Promise.all([make(store, 'first'), make(other, 'second')])
      assert.deepEqual([...made].sort(), [false, true])
      assert.equal((await other.read([`name${round}`]))[0]?.value, made[0] ? 'first' : 'second')
    }
  })

  test(`${name}: random calls have the same results as on a map`, { timeout: 120_000 }, () => compareWithMap(async () => (await place()).store, runs))

  if (!shared) return

  test(`${name}: two handles of one store see each other's commits at once`, async () => {
    const { store, open } = await place()
    const other = await open()
    assert.equal(await store.commit([{ key: 'a', expect: null, value: '1' }]), true)
    const version = await versionOf(other, 'a')
    assert.equal(version, await versionOf(store, 'a'))
    assert.equal(await other.commit([{ key: 'a', expect: version, value: '2' }]), true)
    assert.equal(await store.commit([{ key: 'a', expect: version, value: '3' }]), false)
    assert.equal((await store.read(['a']))[0]?.value, '2')
    assert.equal(await store.commit([{ key: 'a', expect: await versionOf(store, 'a'), value: null }]), true)
    assert.deepEqual(await contents(other), [])
  })

  test(`${name}: commits are kept after closing and opening, and versions continue`, async () => {
    const { store, open } = await place()
    assert.equal(await store.commit([{ key: 'a', expect: null, value: '1' }, { key: 'b', expect: null, value: '1' }]), true)
    const held = await contents(store)
    assert.equal(await store.commit([{ key: 'b', expect: held[1].version, value: null }]), true)
    await store.close?.()
    const again = await open()
    assert.deepEqual(await contents(again), held.slice(0, 1))
    assert.equal(await again.commit([{ key: 'b', expect: null, value: '2' }]), true)
    assert.ok((await versionOf(again, 'b')) > held[1].version)
  })

  test(`${name}: every call of a closed store fails`, async () => {
    const { store } = await place()
    assert.equal(await store.commit([]), true)
    await store.close?.()
    await store.close?.()
    await refused(() => store.read(['a']), 'disposed')
    await refused(() => store.scan('', null, 1), 'disposed')
    await refused(() => store.commit([{ key: 'a', expect: null, value: '' }]), 'disposed')
  })
}
