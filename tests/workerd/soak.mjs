// @ts-check
// Loads a file and a Durable Object, kills writers of a file, and prints what it came to. Exit 1: something was lost.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { durableObjectStore } from 'latchwork/stores/durable-object'
import { COUNTER } from '../js/support/stores/counter.mjs'
import { countInProcesses, killOften } from '../js/support/stores/writer-processes.mjs'
import { objects } from './objects.mjs'

const WRITERS = 64
const TIMES = 1_000
const KILLS = 200

const folder = mkdtempSync(join(tmpdir(), 'latchwork-soak-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** @param {string} what @param {() => Promise<{ total: number, refused: number }>} count */
async function soak(what, count) {
  const begin = performance.now()
  const { total, refused } = await count()
  const seconds = (performance.now() - begin) / 1_000
  const wanted = WRITERS * TIMES
  console.log(`${what}: ${total} of ${wanted} increments by ${WRITERS} writers, ${refused} tries refused, ${seconds.toFixed(1)} s, ${(total / seconds).toFixed(0)} commits a second`)
  if (total !== wanted) process.exitCode = 1
}

await soak('libsql file, 4 processes', () => countInProcesses(join(folder, 'count.db'), { processes: 4, writers: WRITERS / 4, times: TIMES }))

const runtime = objects(folder)
try {
  await soak('durable object, 1 worker', async () => {
    const name = 'soak'
    const response = await runtime.dispatchFetch('http://worker/', { method: 'POST', body: JSON.stringify({ call: 'increments', args: [WRITERS, TIMES], name }) })
    const { result } = /** @type {any} */ (await response.json())
    const [entry] = await durableObjectStore(await runtime.getDurableObjectNamespace('STORE'), { name }).read([COUNTER])
    return { total: Number(entry?.value), refused: result }
  })
} finally {
  await runtime.dispose()
}

const begin = performance.now()
const commits = await killOften(join(folder, 'pairs.db'), KILLS)
console.log(`libsql file: killed ${KILLS} times, ${commits} commits, none lost and none half there, ${((performance.now() - begin) / 1_000).toFixed(1)} s`)
