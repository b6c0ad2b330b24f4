// @ts-check
// Costs of lists: a page reads only its entries, with any number of users, and concurrent creations rarely conflict.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDirectory } from 'latchwork/directory'
import { memoryStore } from 'latchwork/stores/memory'
import { hash } from 'latchwork/password'

const password = 'correct horse battery staple'
const stored = await hash(password)
const authorization = `Basic ${btoa(`root:${password}`)}`
const CLAIM = 'urn:ietf:params:scim:schemas:core:2.0:User:'

/** Counts what a store is asked and answers. @param {any} store */
function counting(store) {
  const counts = { entries: 0, conflicts: 0, commits: 0 }
  return {
    counts,
    /** @param {string[]} keys */
    async read(keys) {
      counts.entries += keys.length
      return store.read(keys)
    },
    /** @param {string} prefix @param {string | null} after @param {number} limit */
    async scan(prefix, after, limit) {
      const entries = await store.scan(prefix, after, limit)
      counts.entries += entries.length
      return entries
    },
    /** @param {any[]} changes */
    async commit(changes) {
      const isDone = await store.commit(changes)
      counts.commits += 1
      if (!isDone) counts.conflicts += 1
      return isDone
    },
  }
}

/** @param {number} count */
async function crowd(count) {
  const users = Array.from({ length: count }, (_, index) => ({
    name: `user${index}`,
    roles: ['staff'],
    claims: { [`${CLAIM}externalId`]: `x${index}`, [`${CLAIM}emails`]: [{ value: `user${index}@example.org`, type: 'work' }] },
  }))
  const store = counting(memoryStore())
  const directory = createDirectory({ system: 'wso2', store })
  await directory.seed(/** @type {any} */ ({ realm: { admin_user: 'root' }, roles: ['staff'], users: [{ name: 'root', hash: stored, roles: ['admin'] }, ...users] }))
  return { store, directory }
}

/** @param {any} directory @param {string} path @param {RequestInit} [init] */
async function sent(directory, path, init) {
  const response = await directory.fetch(new Request(`http://127.0.0.1${path}`, { ...init, headers: { authorization, 'content-type': 'application/scim+json' } }))
  const text = await response.text()
  assert.ok(response.ok, `${path} ${response.status} ${text}`)
  return JSON.parse(text)
}

test('a page, and a filter on an indexed attribute, read as few entries of 3,000 users as of 200', async () => {
  /** @type {Record<string, number[]>} */
  const work = {}
  for (const count of [200, 3_000]) {
    const { store, directory } = await crowd(count)
    await sent(directory, '/scim2/Users?count=1')
    const filters = ['userName eq "user150"', 'externalId eq "x150"', 'emails eq "user150@example.org"', 'emails[type eq "work" and value eq "user150@example.org"]']
    const paths = [
      '/scim2/Users?count=50',
      `/scim2/Users?count=50&startIndex=${count - 60}`,
      '/scim2/Users?count=50&filter=userName%20sw%20%22user%22',
      ...filters.map((filter) => `/scim2/Users?filter=${encodeURIComponent(filter)}`),
      '/scim2/Groups?excludedAttributes=members',
    ]
    for (const [place, path] of paths.entries()) {
      store.counts.entries = 0
      const { Resources, totalResults } = await sent(directory, path)
      ;(work[place] ??= []).push(store.counts.entries)
      assert.ok(Resources.length > 0)
      if (place === 0) assert.equal(totalResults, count + 1)
      if (place === 2) assert.equal(totalResults, count)
    }
  }
  for (const [place, [few, many]] of Object.entries(work)) assert.ok(many <= few + 10 && few < 100, `${place}: ${few} and ${many} entries`)
})

test('of 32 concurrent creations few conflict, and all are counted', async () => {
  const { store, directory } = await crowd(200)
  const create = (/** @type {string} */ userName) => sent(directory, '/scim2/Users', { method: 'POST', body: JSON.stringify({ userName, emails: [{ value: `${userName}@example.org` }] }) })
  await create('first')
  store.counts.commits = 0
  store.counts.conflicts = 0
  for (let round = 0; round < 5; round += 1) await Promise.all(Array.from({ length: 32 }, (_, index) => create(`new${round}x${index}`)))
  const { commits, conflicts } = store.counts
  assert.ok(conflicts <= 32, `${conflicts} of ${commits} commits met another`)
  const { totalResults } = await sent(directory, '/scim2/Users?count=0')
  assert.equal(totalResults, 202 + 160)
  const found = await sent(directory, `/scim2/Users?filter=${encodeURIComponent('userName sw "new"')}&count=100`)
  assert.deepEqual([found.totalResults, found.Resources.length], [160, 100])
})

test('concurrent lists and creations build the missing index of a store', async () => {
  const { store, directory } = await crowd(3_000)
  const entries = await store.scan('index/', null, 100_000)
  assert.ok(await store.commit(entries.map((/** @type {any} */ { key, version }) => ({ key, expect: version, value: null }))))
  const create = (/** @type {string} */ userName) => sent(directory, '/scim2/Users', { method: 'POST', body: JSON.stringify({ userName }) })
  const lists = Array.from({ length: 8 }, (_, index) => sent(directory, `/scim2/Users?count=20&startIndex=${index * 300 + 1}`))
  const made = ['aaa', 'mmm', 'zzz'].map(create)
  for (const list of await Promise.all(lists)) assert.equal(list.Resources.length, 20)
  await Promise.all(made)
  const { totalResults } = await sent(directory, '/scim2/Users?count=0')
  assert.equal(totalResults, 3_004)
})
