// @ts-check
// The file of a libSQL database: whether its path still names the file that is open, and why it can not be used.

import { LatchworkError } from '../core/error.mjs'

/** Files that the engine keeps beside the database while it is open. */
const COMPANIONS = ['-wal', '-shm']

/** The files behind a path, as long as a store has them open. */
export class OpenFile {
  #path
  /** @type {string | null} */
  #identity = null
  /** Those beside it, as they were when a statement first used them. @type {(string | null)[] | undefined} */
  #companions

  /** @param {string} path */
  constructor(path) {
    // Relative to the working folder of now: the engine resolves it once too.
    this.#path = path.startsWith('/') ? path : builtin('node:path').resolve(path)
  }

  /**
   * Opens the file, and keeps in mind which one it is.
   * @template T @param {() => T} open @returns {T}
   */
  open(open) {
    const before = identityOf(this.#path)
    const opened = open()
    this.#identity = identityOf(this.#path)
    this.#companions = undefined
    if (this.#identity === null || (before !== null && before !== this.#identity)) throw replaced(this.#path, this.#identity)
    return opened
  }

  /** The engine opened the file again: those beside it may be others from now on. */
  reopened() {
    this.#companions = undefined
    this.check()
  }

  /** The engine used the file: those beside it are open now. */
  used() {
    this.#companions ??= COMPANIONS.map((end) => identityOf(this.#path + end))
  }

  /**
   * Refuses to go on where the path names another file than the one that is open, or none: what is written to that
   * one is lost when it is closed, and no other process sees it.
   */
  check() {
    const identity = identityOf(this.#path)
    if (identity !== this.#identity) throw replaced(this.#path, identity)
    this.#companions?.forEach((open, index) => {
      const path = this.#path + COMPANIONS[index]
      const identity = identityOf(path)
      if (open !== null && identity !== open) throw replaced(path, identity)
    })
  }
}

/**
 * Why the engine failed with this code on a file, and what to do; null where there is nothing more to say.
 * @param {string} file @param {string} code
 */
export function reasonOf(file, code) {
  if (code === 'SQLITE_FULL') return `the disk of the file \`${file}\` is full: free space on it`
  if (isDamage(code)) return code.startsWith('SQLITE_NOTADB') ? `the file \`${file}\` is not a database` : damaged(file)
  const reason = accessProblem(file)
  if (reason !== null) return reason
  if (/^SQLITE_(READONLY|PERM|AUTH)/.test(code)) return readOnly(file)
  if (code.startsWith('SQLITE_CANTOPEN')) return `the file \`${file}\` can not be opened`
  if (code.startsWith('SQLITE_IOERR')) return `the file \`${file}\` can not be read or written (${code}): the disk is full, over a quota, or fails`
  return null
}

/** Whether the engine found the file damaged. @param {string} code */
export const isDamage = (code) => /^SQLITE_(CORRUPT|NOTADB)/.test(code)

/** @param {string} file */
const damaged = (file) => `the file \`${file}\` is damaged, and nothing more is written to it: restore a copy of it, and open the store again`

/** @param {string} file */
const readOnly = (file) => `the file \`${file}\` can not be written: give this user write access to it and to its folder`

/**
 * What a path and the rights of this user say against opening a file for writing; null if nothing.
 * @param {string} file
 */
export function accessProblem(file) {
  const fs = builtin('node:fs')
  const { dirname, resolve } = builtin('node:path')
  const folder = dirname(resolve(file))
  try {
    if (!fs.statSync(folder).isDirectory()) return `the path \`${folder}\` is a file, not a folder: the file \`${file}\` can not be in it`
  } catch (error) {
    return `the folder \`${folder}\` ${codeOf(error) === 'ENOENT' ? 'does not exist: create it' : `can not be used (${codeOf(error)})`}`
  }
  try {
    if (fs.statSync(file).isDirectory()) return `the path \`${file}\` is a folder: give the path of a file`
    fs.accessSync(file, fs.constants.R_OK | fs.constants.W_OK)
  } catch (error) {
    if (codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM' || codeOf(error) === 'EROFS') return readOnly(file)
    if (codeOf(error) !== 'ENOENT') return `the file \`${file}\` can not be used (${codeOf(error)})`
  }
  try {
    fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK)
  } catch {
    return `no file can be created in the folder \`${folder}\`, where the database needs some: give this user write access to it`
  }
  return null
}

/** @param {string} path @param {string | null} identity of what it names now */
function replaced(path, identity) {
  const what = identity === null ? 'was deleted or moved' : 'was replaced'
  return new LatchworkError('store_unavailable', `the file \`${path}\` ${what} while it was open: nothing more is written to the old one; open the store again`)
}

/** The device and the file's number on it; null where there is no file. @param {string} path */
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
 * A module of Node, without an import: a bundler for another runtime would stop at one, although only files need it.
 * @template {'node:fs' | 'node:path'} Name @param {Name} name
 * @returns {Name extends 'node:fs' ? typeof import('node:fs') : typeof import('node:path')}
 */
function builtin(name) {
  return /** @type {any} */ (process.getBuiltinModule(name))
}
