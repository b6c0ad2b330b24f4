// Runs lanes (scripts of this folder), two at a time, and prints the output of each when it has ended, its time, and a
// table at the end. A lane starts when those it needs have passed. The first failure stops the others.
//
//     node scripts/lanes.mjs LANE[:NEEDED,…]…

import { spawn } from 'node:child_process'
import { openSync, closeSync, createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

const AT_ONCE = 2

const waiting = process.argv.slice(2).map((argument) => {
  const [name, needs = ''] = argument.split(':')
  return { name, needs: needs.split(',').filter(Boolean) }
})
const folder = mkdtempSync(join(tmpdir(), 'latchwork-lanes-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** @type {Map<string, import('node:child_process').ChildProcess>} */
const running = new Map()
/** @type {Map<string, number>} seconds by lane */
const passed = new Map()
const begin = performance.now()
const seconds = (/** @type {number} */ since) => Math.round((performance.now() - since) / 1_000)
const heading = (/** @type {string} */ text) => process.stdout.write(`\n\x1b[1m=== ${text} ===\x1b[0m\n`)

/** Stops a lane with all that it started. @param {import('node:child_process').ChildProcess} lane */
function stop({ pid }) {
  try {
    process.kill(-Number(pid), 'SIGTERM')
  } catch {
    // It has ended by itself.
  }
}
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, () => {
    for (const lane of running.values()) stop(lane)
    process.exit(1)
  })
}

/** @param {string} name @returns {Promise<{ name: string, code: number | null, log: string, took: number }>} */
function run(name) {
  heading(`${name} started after ${seconds(begin)} s`)
  const since = performance.now()
  const log = join(folder, name)
  const output = openSync(log, 'w')
  // A group of its own, so that all of it can be stopped.
  const lane = spawn(join(import.meta.dirname, name), { stdio: ['ignore', output, output], detached: true })
  closeSync(output)
  running.set(name, lane)
  return new Promise((resolve, reject) => {
    lane.on('error', reject)
    lane.on('exit', (code) => resolve({ name, code, log, took: seconds(since) }))
  })
}

/** @type {Map<string, ReturnType<typeof run>>} */
const ends = new Map()
while (waiting.length > 0 || ends.size > 0) {
  while (ends.size < AT_ONCE) {
    const next = waiting.findIndex(({ needs }) => needs.every((name) => passed.has(name)))
    if (next < 0) break
    const [{ name }] = waiting.splice(next, 1)
    ends.set(name, run(name))
  }
  if (ends.size === 0) throw new Error(`these lanes need one that is not among them: ${waiting.map(({ name }) => name).join(', ')}`)
  const { name, code, log, took } = await Promise.race(ends.values())
  ends.delete(name)
  running.delete(name)
  heading(`${name} ${code === 0 ? 'passed' : 'FAILED'} in ${took} s`)
  await pipeline(createReadStream(log), process.stdout, { end: false })
  if (code !== 0) {
    for (const lane of running.values()) stop(lane)
    heading(`${name} FAILED in ${took} s; the others were stopped`)
    process.exit(1)
  }
  passed.set(name, took)
}

heading(`all lanes passed in ${seconds(begin)} s`)
for (const [name, took] of passed) process.stdout.write(`${name.padEnd(12)} ${String(took).padStart(5)} s\n`)
