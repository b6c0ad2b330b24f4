// @ts-check
// Compares a store with a plain map, by random calls.

import assert from 'node:assert/strict'
import fc from 'fast-check'

/** @typedef {import('latchwork/stores/memory').Store} Store */
/** @typedef {import('latchwork/stores/memory').Entry} Entry */

/** Texts in the order of their bytes. @param {readonly string[]} texts */
export const byBytes = (texts) => [...texts].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))

/** Few letters, so that keys meet: the edges of UTF-8's lengths and of UTF-16's halves among them. */
const key = fc.string({ unit: fc.constantFrom('a', 'b', '\0', '\u0001', '/', '%', '\u007f', '\u0080', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'), maxLength: 3 })
const value = fc.string({ unit: 'binary', maxLength: 20 })

/** What a change expects: what is there, nothing, or a version from some other time. */
const expectation = fc.constantFrom('current', 'current', 'current', 'current', 'current', 'nothing', 'old', 'next')

const call = fc.oneof(
  { weight: 4, arbitrary: fc.record({ commit: fc.uniqueArray(fc.record({ key, expectation, value: fc.option(fc.option(value), { nil: undefined }) }), { maxLength: 5, selector: ({ key }) => key }) }) },
  { weight: 1, arbitrary: fc.record({ read: fc.array(key, { maxLength: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ scan: fc.record({ prefix: key, after: fc.option(key), limit: fc.nat(6) }) }) },
)

/** @param {() => Promise<Store>} make an empty store @param {number} numRuns */
export async function compareWithMap(make, numRuns) {
  await fc.assert(fc.asyncProperty(fc.array(call, { minLength: 10, maxLength: 30, size: 'max' }), async (calls) => {
    const store = await make()
    /** @type {Map<string, Entry>} */
    const model = new Map()
    /** Versions that were given, by key. @type {Map<string, Set<number>>} */
    const given = new Map()
    for (const call of calls) {
      if ('read' in call) assert.deepEqual(await store.read(call.read), call.read.map((key) => model.get(key) ?? null))
      else if ('scan' in call) {
        const { prefix, after, limit } = call.scan
        const keys = byBytes([...model.keys()].filter((key) => key.startsWith(prefix) && (after === null || Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0)))
        assert.deepEqual(await store.scan(prefix, after, limit), keys.slice(0, limit).map((key) => model.get(key)))
      } else await commit(store, model, given, call.commit)
    }
    assert.deepEqual(await store.scan('', null, 1_000), byBytes([...model.keys()]).map((key) => model.get(key)))
    await store.close?.()
  }), { numRuns })
}

/**
 * @param {Store} store @param {Map<string, Entry>} model @param {Map<string, Set<number>>} given
 * @param {{ key: string, expectation: string, value?: string | null }[]} wanted
 */
async function commit(store, model, given, wanted) {
  const changes = wanted.map(({ key, expectation, value }) => {
    const current = model.get(key)?.version ?? null
    const [old = 1] = given.get(key) ?? []
    const expect = { current, nothing: null, old, next: (current ?? 0) + 1 }[expectation] ?? null
    return value === undefined ? { key, expect } : { key, expect, value }
  })
  const holds = changes.every(({ key, expect }) => (model.get(key)?.version ?? null) === expect)
  assert.equal(await store.commit(changes), holds)
  if (!holds) return
  for (const { key, value } of changes) {
    if (value === undefined) continue
    if (value === null) {
      model.delete(key)
      continue
    }
    const [entry] = await store.read([key])
    assert.ok(entry && entry.value === value)
    const versions = given.get(key) ?? new Set()
    assert.ok(!versions.has(entry.version), 'a version was given twice')
    given.set(key, versions.add(entry.version))
    model.set(key, entry)
  }
}
