// @ts-check
// Group read: concurrent reads share a statement, and have the results of reads one after another.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createClient } from '@libsql/client'
import { libsqlStore } from 'latchwork/stores/libsql'
import { GroupRead } from '../../../pkg/stores/group-read.mjs'

const folder = mkdtempSync(join(tmpdir(), 'latchwork-reads-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** Reads of a store in which each key but `none` has its own name as value, and `bad` cannot be read. */
function recorded() {
  /** @type {string[][]} */
  const groups = []
  const group = new GroupRead(async (keys) => {
    groups.push(keys)
    if (keys.includes('bad')) throw new Error('damaged')
    return keys.map((key) => (key === 'none' ? null : { key, value: key, version: 1 }))
  })
  return { groups, read: async (/** @type {string[]} */ ...keys) => (await group.read(keys)).map((entry) => entry && entry.value) }
}

test('concurrent reads share one statement, and each gets its own entries in its own order', async () => {
  const { groups, read } = recorded()
  assert.deepEqual(await Promise.all([read('a', 'b'), read('b', 'none', 'b'), read()]), [['a', 'b'], ['b', null, 'b'], []])
  assert.deepEqual(groups, [['a', 'b', 'none']])
  assert.deepEqual(await read('c', 'a'), ['c', 'a'])
  assert.deepEqual(groups[1], ['c', 'a'])
})

test('an entry that cannot be read fails only the reads of it', async () => {
  const { read } = recorded()
  const results = await Promise.allSettled([read('a'), read('bad', 'a'), read('b')])
  assert.deepEqual(results.map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled'])
})

test('large reads are not put into one statement without end', async () => {
  const { groups, read } = recorded()
  const many = (/** @type {string} */ name) => Array.from({ length: 50 }, (_, index) => `${name}${index}`)
  const reads = [many('a'), many('b'), ['b1', 'c'], Array.from({ length: 200 }, (_, index) => `d${index}`)]
  assert.deepEqual(await Promise.all(reads.map((keys) => read(...keys))), reads)
  assert.deepEqual(groups.map(({ length }) => length), [50, 51, 200])
})

test('concurrent reads of a file get copies, and one with a damaged entry does not fail the others', async () => {
  const file = join(folder, 'damaged.db')
  const store = libsqlStore({ file })
  await store.commit(['a', 'b'].map((key) => ({ key, expect: null, value: key })))
  const [[first], [second]] = await Promise.all([store.read(['a']), store.read(['a'])])
  assert.deepEqual(first, second)
  assert.notEqual(first, second)
  const client = createClient({ url: `file:${file}` })
  await client.execute("UPDATE latchwork_entries SET version = 'x' WHERE key = 'b'")
  const results = await Promise.allSettled([store.read(['a']), store.read(['b']), store.read(['none'])])
  assert.deepEqual(results.map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled'])
  client.close()
  await store.close?.()
})
