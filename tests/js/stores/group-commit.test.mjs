// @ts-check
// Group commit: concurrent commits share a transaction, and have the results of commits one after another.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { libsqlStore } from 'latchwork/stores/libsql'
import { GroupCommit } from '../../../pkg/stores/group-commit.mjs'

const folder = mkdtempSync(join(tmpdir(), 'latchwork-groups-'))
after(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
const open = () => libsqlStore({ file: join(folder, `${(files += 1)}.db`) })

/** Groups of commits, each with its keys. @param {string[][]} refused the keys of commits that are refused */
function recorded(refused = []) {
  /** @type {string[][]} */
  const groups = []
  const group = new GroupCommit(async (commits) => {
    const names = commits.map((changes) => changes.map(({ key }) => key).join('+'))
    groups.push(names)
    const index = names.findIndex((name) => refused.some((keys) => keys.join('+') === name))
    return index === -1 ? null : index
  })
  /** @param {string[]} keys that are written @param {string[]} [checked] */
  const commit = (keys, checked = []) => group.commit([...keys.map((key) => ({ key, expect: null, value: '' })), ...checked.map((key) => ({ key, expect: null }))])
  return { groups, commit }
}

test('concurrent commits of different keys share one transaction', async () => {
  const { groups, commit } = recorded()
  assert.deepEqual(await Promise.all([commit(['a']), commit(['b']), commit(['c'])]), [true, true, true])
  assert.deepEqual(groups, [['a', 'b', 'c']])
})

test('a commit with a key that an earlier one writes waits for the next group', async () => {
  const { groups, commit } = recorded()
  await Promise.all([commit(['a']), commit(['a']), commit(['b'], ['a']), commit(['c'], ['d']), commit(['d'])])
  assert.deepEqual(groups, [['a', 'c+d', 'd'], ['a'], ['b+a']])
})

test('a commit whose expectations fail does not fail the others of its group', async () => {
  const { groups, commit } = recorded([['b'], ['d']])
  assert.deepEqual(await Promise.all(['a', 'b', 'c', 'd'].map((key) => commit([key]))), [true, false, true, false])
  assert.deepEqual(groups, [['a', 'b', 'c', 'd'], ['a', 'c', 'd'], ['a', 'c']])
})

test('an error of the transaction rejects every commit of its group, and the next group is committed', async () => {
  let calls = 0
  const group = new GroupCommit(async () => {
    calls += 1
    if (calls === 1) throw new Error('full')
    return null
  })
  const commit = (/** @type {string} */ key) => group.commit([{ key, expect: null, value: '' }])
  const results = await Promise.allSettled([commit('a'), commit('b')])
  assert.deepEqual(results.map(({ status }) => status), ['rejected', 'rejected'])
  assert.equal(await commit('a'), true)
})

test('large commits are not put into one group without end', async () => {
  const { groups, commit } = recorded()
  const many = Array.from({ length: 700 }, (_, index) => `k${index}`)
  await Promise.all([commit(many), commit(['a'], many.map((key) => `${key}x`)), commit(['b'])])
  assert.deepEqual(groups.map(({ length }) => length), [2, 1])
})

test('of two concurrent commits to a file that each check what the other writes, one is refused', async () => {
  const store = open()
  const checked = (/** @type {string} */ key, /** @type {string} */ other) => store.commit([{ key, expect: null, value: 'x' }, { key: other, expect: null }])
  assert.deepEqual((await Promise.all([checked('a', 'b'), checked('b', 'a')])).sort(), [false, true])
  assert.equal((await store.scan('', null, 10)).length, 1)
  await store.close?.()
})

test('concurrent commits to a file: those whose expectations hold are stored, and each key gets a new version', async () => {
  const store = open()
  assert.ok(await store.commit([{ key: 'k0', expect: null, value: 'old' }]))
  const [before] = await store.read(['k0'])
  const results = await Promise.all(Array.from({ length: 20 }, (_, index) => store.commit([{ key: `k${index}`, expect: index % 3 === 1 ? 77 : index === 0 ? before?.version ?? 0 : null, value: 'new' }])))
  assert.deepEqual(results, results.map((_, index) => index % 3 !== 1))
  const entries = await store.scan('', null, 100)
  assert.equal(entries.length, results.filter(Boolean).length)
  assert.ok(entries.every(({ value, version }) => value === 'new' && version > Number(before?.version)))
  await store.close?.()
})

test('commits that were called before the store is closed are stored', async () => {
  const file = join(folder, 'closed.db')
  const store = libsqlStore({ file })
  const commits = ['a', 'b'].map((key) => store.commit([{ key, expect: null, value: '' }]))
  await store.close?.()
  assert.deepEqual(await Promise.all(commits), [true, true])
  const again = libsqlStore({ file })
  assert.equal((await again.scan('', null, 10)).length, 2)
  await again.close?.()
})
