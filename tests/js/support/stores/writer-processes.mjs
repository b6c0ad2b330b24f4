// @ts-check
// Load on a store: processes that increment a counter, and writers that are killed.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { libsqlStore } from 'latchwork/stores/libsql'
import { COUNTER } from './counter.mjs'

const WRITER = fileURLToPath(new URL('writer.mjs', import.meta.url))

/** Starts a process that writes to a file; its standard output is what it acknowledges. @param {string[]} words */
const start = (...words) => spawn(process.execPath, [WRITER, ...words], { stdio: ['ignore', 'pipe', 'inherit'] })

/**
 * Writers in several processes count one number up; what it comes to, and how many tries were refused.
 * @param {string} file @param {{ processes: number, writers: number, times: number }} load writers of each process, increments of each writer
 */
export async function countInProcesses(file, { processes, writers, times }) {
  const refusals = await Promise.all(Array.from({ length: processes }, async () => {
    const child = start('count', file, String(writers), String(times))
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk) => (text += chunk))
    const [code] = await once(child, 'close')
    if (code !== 0) throw new Error(`a writer ended with ${code}`)
    return Number(text)
  }))
  const store = libsqlStore({ file })
  const [entry] = await store.read([COUNTER])
  await store.close?.()
  return { total: Number(entry?.value), refused: refusals.reduce((sum, refused) => sum + refused, 0) }
}

/** One writer's number: the last that was acknowledged, and the two that are stored. @typedef {{ acknowledged: number, left: number, right: number }} Pair */

/**
 * Kills a process at a random moment while its writers write pairs of equal numbers; what was acknowledged, and what
 * another process then finds.
 * @param {string} file @param {readonly Pair[]} before what was there, one pair for each writer
 * @returns {Promise<Pair[]>}
 */
async function killWriters(file, before) {
  const child = start('pairs', file, String(before.length))
  const closed = once(child, 'close')
  const acknowledged = before.map(({ left }) => left)
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk) => (text += chunk))
  await Promise.race([once(child.stdout, 'data'), closed])
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 150))
  child.kill('SIGKILL')
  const [, signal] = await closed
  if (signal !== 'SIGKILL') throw new Error('the writers ended before they were killed')
  // An incomplete line is ignored.
  for (const [, writer, number] of text.matchAll(/^(\d+) (\d+)\n/gm)) acknowledged[Number(writer)] = Number(number)

  const store = libsqlStore({ file })
  const pairs = await Promise.all(acknowledged.map(async (acknowledged, writer) => {
    const [left, right] = await store.read([`left/${writer}`, `right/${writer}`])
    return { acknowledged, left: Number.parseInt(left?.value ?? '0'), right: Number.parseInt(right?.value ?? '0') }
  }))
  await store.close?.()
  return pairs
}

/**
 * Kills one process after another; the number of commits that were there at the end.
 * @param {string} file @param {number} kills
 */
export async function killOften(file, kills) {
  let pairs = Array.from({ length: 4 }, () => ({ acknowledged: 0, left: 0, right: 0 }))
  for (let kill = 0; kill < kills; kill += 1) {
    pairs = await killWriters(file, pairs)
    for (const { acknowledged, left, right } of pairs) {
      assert.equal(left, right, 'a commit is half there')
      // One commit may have been made and not been acknowledged.
      assert.ok(left === acknowledged || left === acknowledged + 1, `${acknowledged} was acknowledged, ${left} is there`)
    }
  }
  return pairs.reduce((sum, { left }) => sum + left, 0)
}
