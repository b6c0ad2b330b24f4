// @ts-check
// Stores that several directories can share, for tests.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { libsqlStore } from 'latchwork/stores/libsql'
import { memoryStore } from 'latchwork/stores/memory'

/** Functions that create a store, and on each further call another handle to it. @type {Record<string, (context: any) => () => any>} */
export const sharedStores = {
  memory: () => {
    const store = memoryStore()
    return () => store
  },
  libsql: (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'latchwork-'))
    /** @type {any[]} */
    const open = []
    context.after(async () => {
      for (const store of open) await store.close()
      rmSync(folder, { recursive: true, force: true })
    })
    return () => {
      const store = libsqlStore({ file: join(folder, 'directory.db') })
      open.push(store)
      return store
    }
  },
}
