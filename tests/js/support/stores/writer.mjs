// @ts-check
// A process that writes to a store in a file: `count FILE WRITERS TIMES`, or `pairs FILE WRITERS` until it is killed.

import { writeSync } from 'node:fs'
import { libsqlStore } from 'latchwork/stores/libsql'
import { countUp } from './counter.mjs'

/** So long that pages spill, and that the log is written back to the file now and then. */
const PADDING = '.'.repeat(3_000)

/** Ends by itself if it is not killed. */
const LIFETIME = 30_000

const [what, file, writers, times] = process.argv.slice(2)
const store = libsqlStore({ file })

/** Commits two keys with equal values, and prints a line for each acknowledged commit. @param {number} writer */
async function pairs(writer) {
  const keys = [`left/${writer}`, `right/${writer}`]
  const end = Date.now() + LIFETIME
  while (Date.now() < end) {
    const read = await store.read(keys)
    const number = Number.parseInt(read[0]?.value ?? '0') + 1
    const made = await store.commit(keys.map((key, index) => ({ key, expect: read[index]?.version ?? null, value: `${number}${PADDING}` })))
    if (!made) throw new Error('only this process writes these keys')
    writeSync(1, `${writer} ${number}\n`)
  }
}

if (what === 'count') writeSync(1, String(await countUp(store, Number(writers), Number(times))))
else await Promise.all(Array.from({ length: Number(writers) }, (_, writer) => pairs(writer)))
