// @ts-check
// Opens the store of the option `--store`.

import { closeSync, existsSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { LatchworkError } from '../core/error.mjs'
import { libsqlStore } from '../stores/libsql.mjs'
import { memoryStore } from '../stores/memory.mjs'
import { Mistake } from './mistake.mjs'

/** Messages do not repeat an address, because it may contain a token by mistake. */
const EXPECTED = 'expected `memory`, `file:PATH` or the address of a libSQL server (`libsql://HOST`) after `--store`'

/**
 * @param {string} name as typed
 * @param {string | undefined} authToken
 */
export function openStore(name, authToken) {
  if (name === 'memory') return memoryStore()
  try {
    if (name.startsWith('file:')) {
      const store = libsqlStore({ file: pathOf(name) })
      makePrivate(pathOf(name))
      return store
    }
    if (/^(libsql|https?):\/\//.test(name)) return libsqlStore({ url: name, ...(authToken ? { authToken } : {}) })
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error
    throw new Mistake('invalid_value', `${error.message.replace('as `authToken`', 'in the environment as LATCHWORK_STORE_TOKEN')}: ${EXPECTED}`)
  }
  throw new Mistake('invalid_value', EXPECTED)
}

/**
 * Makes the file, if it is not there, for its owner alone: hashes and the secret of sessions lie in it. The engine
 * gives the files beside it the same mode.
 * @param {string} path
 */
function makePrivate(path) {
  // Opening a pipe would wait for its other end.
  if (existsSync(path)) return
  try {
    closeSync(openSync(path, 'a', 0o600))
  } catch {
    // What can not be made, the engine says why.
  }
}

/** The path after `file:`, or the path of a `file://` URL. @param {string} name */
function pathOf(name) {
  if (!name.startsWith('file://')) return name.slice('file:'.length)
  try {
    return fileURLToPath(name)
  } catch {
    throw new Mistake('invalid_value', 'the address after `--store` is none of a file on this machine: type `file:PATH`')
  }
}
