// @ts-check
// Many processes on one file, and processes that are killed. `scripts/soak` does the same for longer.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { memoryStore } from 'latchwork/stores/memory'
import { COUNTER, countUp } from '../support/stores/counter.mjs'
import { countInProcesses, killOften } from '../support/stores/writer-processes.mjs'

const folder = mkdtempSync(join(tmpdir(), 'latchwork-load-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('64 writers in memory: no increment is lost', async () => {
  const store = memoryStore()
  await countUp(store, 64, 50)
  assert.equal((await store.read([COUNTER]))[0]?.value, '3200')
})

test('64 writers in 4 processes on one file: no increment is lost', { timeout: 120_000 }, async () => {
  const { total } = await countInProcesses(join(folder, 'count.db'), { processes: 4, writers: 16, times: 50 })
  assert.equal(total, 3_200)
})

test('a process that is killed 20 times loses no acknowledged commit, and leaves no partial one', { timeout: 120_000 }, async (t) => {
  const commits = await killOften(join(folder, 'pairs.db'), 20)
  t.diagnostic(`${commits} commits`)
  assert.ok(commits > 100)
})
