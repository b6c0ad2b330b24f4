// @ts-check
// The file of a libSQL database: checks whether the path still names the open file, and explains why a file is unusable.

import { LatchworkError } from '../core/error.mjs'

/** Files that the engine keeps next to an open database. */
const COMPANIONS = ['-wal', '-shm']

/** The identity of the files that a store has open. */
export class OpenFile {
  #path
  /** @type {string | null} */
  #identity = null
  /** The identities of the companions, from the first statement that used them. @type {(string | null)[] | undefined} */
  #companions

  /** @param {string} path */
  constructor(path) {
    // Resolved once, in the current working directory, as the engine does.
    this.#path = path.startsWith('/') ? path : builtin('node:path').resolve(path)
  }

  /**
   * Opens the file, and remembers its identity.
   * @template T @param {() => T} open @returns {T}
   */
  open(open) {
    const before = identityOf(this.#path)
    const opened = open()
    this.#identity = identityOf(this.#path)
    this.#companions = undefined
    if (this.#identity === null || (before !== null && before !== this.#identity)) throw replacedError(this.#path, this.#identity)
    return opened
  }

  /** Called when the engine reopened the file: its companions may be new files. */
  forgetCompanions() {
    this.#companions = undefined
    this.check()
  }

  /** Called when the engine used the file: its companions are open now. */
  rememberCompanions() {
    this.#companions ??= COMPANIONS.map((end) => identityOf(this.#path + end))
  }

  /**
   * Throws if the path no longer names the open file. Writes to a deleted or replaced file would be lost when it is closed,
   * and no other process would see them.
   */
  check() {
    const identity = identityOf(this.#path)
    if (identity !== this.#identity) throw replacedError(this.#path, identity)
    this.#companions?.forEach((open, index) => {
      const path = this.#path + COMPANIONS[index]
      const identity = identityOf(path)
      if (open !== null && identity !== open) throw replacedError(path, identity)
    })
  }
}

/**
 * Explains why the engine failed with this code on a file, and what to do; null if nothing is known.
 * @param {string} file @param {string} code
 */
export function describeFailure(file, code) {
  if (code === 'SQLITE_FULL') return `the disk of the file \`${file}\` is full: free space on it`
  if (isDamage(code)) return code.startsWith('SQLITE_NOTADB') ? `the file \`${file}\` is not a database` : damaged(file)
  const reason = accessProblem(file)
  if (reason !== null) return reason
  if (/^SQLITE_(READONLY|PERM|AUTH)/.test(code)) return readOnly(file)
  if (code.startsWith('SQLITE_CANTOPEN')) return `the file \`${file}\` cannot be opened`
  if (code.startsWith('SQLITE_IOERR')) return `the file \`${file}\` cannot be read or written (${code}): the disk is full, over a quota, or failing`
  return null
}

/** Whether the engine found the file damaged. @param {string} code */
export const isDamage = (code) => /^SQLITE_(CORRUPT|NOTADB)/.test(code)

/** @param {string} file */
const damaged = (file) => `the file \`${file}\` is damaged, so the store stopped writing to it: restore a copy, and open the store again`

/** @param {string} file */
const readOnly = (file) => `the file \`${file}\` cannot be written: give this user write access to it and to its folder`

/**
 * Why this user cannot open the file for writing, by its path and permissions; null if no reason is found.
 * @param {string} file
 */
export function accessProblem(file) {
  const fs = builtin('node:fs')
  const { dirname, resolve } = builtin('node:path')
  const folder = dirname(resolve(file))
  try {
    if (!fs.statSync(folder).isDirectory()) return `the path \`${folder}\` is a file, not a folder: it cannot contain the file \`${file}\``
  } catch (error) {
    return `the folder \`${folder}\` ${codeOf(error) === 'ENOENT' ? 'does not exist: create it' : `cannot be used (${codeOf(error)})`}`
  }
  try {
    if (fs.statSync(file).isDirectory()) return `the path \`${file}\` is a folder: give the path of a file`
    fs.accessSync(file, fs.constants.R_OK | fs.constants.W_OK)
  } catch (error) {
    if (codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM' || codeOf(error) === 'EROFS') return readOnly(file)
    if (codeOf(error) !== 'ENOENT') return `the file \`${file}\` cannot be used (${codeOf(error)})`
  }
  try {
    fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK)
  } catch {
    return `the database must create files in the folder \`${folder}\`, which is not writable: give this user write access to it`
  }
  return null
}

/** @param {string} path @param {string | null} identity of the file that it names now */
function replacedError(path, identity) {
  const what = identity === null ? 'was deleted or moved' : 'was replaced'
  return new LatchworkError('store_unavailable', `the file \`${path}\` ${what} while it was open, so the store stopped writing to it: open the store again`)
}

/** The device and inode of a file; null if it does not exist. @param {string} path */
function identityOf(path) {
  try {
    const { dev, ino } = builtin('node:fs').statSync(path, { bigint: true })
    return `${dev}:${ino}`
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null
    throw error
  }
}

/** @param {unknown} error */
const codeOf = (error) => String(/** @type {any} */ (error)?.code)

/**
 * Loads a module of Node without `import`: a bundler for another runtime would fail, although only files need the module.
 * @template {'node:fs' | 'node:path'} Name @param {Name} name
 * @returns {Name extends 'node:fs' ? typeof import('node:fs') : typeof import('node:path')}
 */
function builtin(name) {
  return /** @type {any} */ (process.getBuiltinModule(name))
}
