// @ts-check
// A process with a store in a file open. For each line on its standard input it commits once, and prints the key that was
// acknowledged or the code of the error; `read` reads in place of a commit.

import { createInterface } from 'node:readline'
import { libsqlStore } from 'latchwork/stores/libsql'

const [file, size = '1'] = process.argv.slice(2)
const store = libsqlStore({ file, timeout: 1_000 })

/** Larger than a page if the size asks for it. */
const value = 'x'.repeat(Number(size))

let count = 0
for await (const line of createInterface({ input: process.stdin })) {
  try {
    if (line === 'read') {
      await store.read(['k1'])
      console.log('read')
    } else {
      const key = `k${(count += 1)}`
      if (!(await store.commit([{ key, expect: null, value }]))) throw new Error('only this process writes these keys')
      console.log(key)
    }
  } catch (error) {
    const { code, message } = /** @type {any} */ (error)
    console.log(`${code}: ${message}`)
  }
}
await store.close?.()
