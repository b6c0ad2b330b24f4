// @ts-check
// A store in memory. Each call runs synchronously, so it is atomic.

import { LatchworkError } from '../core/error.mjs'
import { scanStart } from './order.mjs'
import { parseCommitRequest, parseReadRequest, parseScanRequest } from './request.mjs'
import { SkipList } from './skip-list.mjs'

export { LatchworkError } from '../core/error.mjs'

/**
 * @param {unknown[]} options must be empty
 * @returns {import('./store.js').Store}
 */
export function memoryStore(...options) {
  if (options.some((option) => option !== undefined)) throw new LatchworkError('invalid_value', '`memoryStore` has no options: it keeps entries in memory only; `libsqlStore({ file })` stores them')
  const entries = new SkipList()
  let lastVersion = 0

  /** @param {import('./store.js').Change} change */
  const isUnchanged = ({ key, expect }) => (entries.get(key)?.version ?? null) === expect

  return {
    async read(keys) {
      return parseReadRequest(keys).map((key) => {
        const entry = entries.get(key)
        return entry && { ...entry }
      })
    },

    async scan(...request) {
      const { prefix, after, limit } = parseScanRequest(...request)
      const { from, inclusive } = scanStart(prefix, after)
      /** @type {import('./store.js').Entry[]} */
      const page = []
      if (limit === 0) return page
      for (const entry of entries.entriesFrom(from, inclusive)) {
        if (!entry.key.startsWith(prefix) || page.push({ ...entry }) === limit) break
      }
      return page
    },

    async commit(request) {
      const changes = parseCommitRequest(request)
      if (!changes.every(isUnchanged)) return false
      lastVersion += 1
      for (const { key, value } of changes) {
        if (value === null) entries.delete(key)
        else if (value !== undefined) entries.set({ key, value, version: lastVersion })
      }
      return true
    },
  }
}
