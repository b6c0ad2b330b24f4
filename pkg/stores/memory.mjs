// @ts-check
// A store in memory. Nothing here waits between looking and changing, so every call is whole by itself.

import { LatchworkError } from '../core/error.mjs'
import { startOf } from './order.mjs'
import { commitRequest, readRequest, scanRequest } from './request.mjs'
import { SkipList } from './skip-list.mjs'

export { LatchworkError } from '../core/error.mjs'

/**
 * @param {unknown[]} options there are none
 * @returns {import('./store.js').Store}
 */
export function memoryStore(...options) {
  if (options.some((option) => option !== undefined)) throw new LatchworkError('invalid_value', '`memoryStore` has no options: what it holds is gone with the process, `libsqlStore({ file })` keeps it')
  const entries = new SkipList()
  let lastVersion = 0

  /** @param {import('./store.js').Change} change */
  const holds = ({ key, expect }) => (entries.get(key)?.version ?? null) === expect

  return {
    async read(keys) {
      return readRequest(keys).map((key) => {
        const entry = entries.get(key)
        return entry && { ...entry }
      })
    },

    async scan(...request) {
      const { prefix, after, limit } = scanRequest(...request)
      const { from, inclusive } = startOf(prefix, after)
      /** @type {import('./store.js').Entry[]} */
      const found = []
      if (limit === 0) return found
      for (const entry of entries.from(from, inclusive)) {
        if (!entry.key.startsWith(prefix) || found.push({ ...entry }) === limit) break
      }
      return found
    },

    async commit(request) {
      const changes = commitRequest(request)
      if (!changes.every(holds)) return false
      lastVersion += 1
      for (const { key, value } of changes) {
        if (value === null) entries.delete(key)
        else if (value !== undefined) entries.set({ key, value, version: lastVersion })
      }
      return true
    },
  }
}
