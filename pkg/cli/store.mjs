// @ts-check
// The store that an option names.

import { fileURLToPath } from 'node:url'
import { LatchworkError } from '../lib/error.mjs'
import { libsqlStore } from '../stores/libsql.mjs'
import { memoryStore } from '../stores/memory.mjs'
import { Mistake } from './settings.mjs'

/** An address may carry a token by mistake, so no message repeats it. */
const EXPECTED = 'expected `memory`, `file:PATH` or the address of a libSQL server (`libsql://HOST`) after `--store`'

/**
 * @param {string} name as it was typed
 * @param {string | undefined} authToken
 */
export function storeOf(name, authToken) {
  if (name === 'memory') return memoryStore()
  try {
    if (name.startsWith('file:')) return libsqlStore({ file: pathOf(name) })
    if (/^(libsql|https?):\/\//.test(name)) return libsqlStore({ url: name, ...(authToken ? { authToken } : {}) })
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error
    throw new Mistake('invalid_value', `${error.message.replace('as `authToken`', 'in the environment as LATCHWORK_STORE_TOKEN')}: ${EXPECTED}`)
  }
  throw new Mistake('invalid_value', EXPECTED)
}

/** What stands after `file:` is a path as it is, unless it is an address of a file. @param {string} name */
function pathOf(name) {
  if (!name.startsWith('file://')) return name.slice('file:'.length)
  try {
    return fileURLToPath(name)
  } catch {
    throw new Mistake('invalid_value', 'the address after `--store` is none of a file on this machine: type `file:PATH`')
  }
}
