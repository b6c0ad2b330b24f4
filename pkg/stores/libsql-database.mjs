// @ts-check
// One libSQL database, a file or a server: opening it, asking it, waiting while it is busy, and what went wrong.

import { onlyMembersOf, wrongType } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'
import { OpenFile, isDamage, reasonOf } from './libsql-file.mjs'

/** The longest wait in milliseconds, for a server's answer or for others who write to the file. */
const TIMEOUT = 10_000

/**
 * How long the engine itself waits for a file, in milliseconds, and this thread with it. Other writers' commits take
 * far less; whoever holds the file longer is waited for without holding up this thread.
 */
const BUSY = 100

/** The longest pause between two tries at a busy file, in milliseconds. */
const PAUSE_MAX = 50

const SYNCHRONOUS = 'PRAGMA synchronous = FULL'

/** How many causes of causes are kept. */
const CAUSES = 5

/** @type {TextDecoder | undefined} */
let decoder

/** @typedef {import('@libsql/client').Client} Client */
/** @typedef {{ sql: string, args: (string | number | null)[] }} Statement */
/** @typedef {{ file?: string, url?: string, authToken?: string, timeout: number }} Target */

/** A statement that the database refused, as an answer and not as a failure. */
export const REFUSED = Symbol('refused')

export class Database {
  #target
  #prepare
  /** @type {Client | undefined} */
  #client
  /** @type {Promise<Client> | undefined} */
  #opening
  #closed = false
  /** The open file, where it is one. @type {OpenFile | undefined} */
  #file
  /** Set by the first statement that found the file damaged. @type {Error | undefined} */
  #damage

  /**
   * @param {unknown} options
   * @param {(ask: (mode: 'write' | 'deferred', statements: Statement[], guards: number) => Promise<any>) => Promise<void>} prepare makes the tables, or refuses those that are there
   */
  constructor(options, prepare) {
    this.#target = targetOf(options)
    this.#prepare = prepare
  }

  /**
   * What the statements find, in one transaction. A constraint that one of the first `guards` statements breaks
   * undoes all of them: `REFUSED`.
   * @param {'write' | 'deferred'} mode @param {Statement[]} statements @param {number} [guards]
   * @returns {Promise<import('@libsql/client').Row[][] | typeof REFUSED>}
   */
  async ask(mode, statements, guards = 0) {
    const client = await this.#open()
    return this.#ask(client, mode, statements, guards)
  }

  /** The columns of an entry. A file gives bytes: its binding ends the process at text that is not UTF-8. */
  get columns() {
    return this.#target.file === undefined ? 'key, value, version' : 'CAST(key AS BLOB) AS key, CAST(value AS BLOB) AS value, version'
  }

  /** The text of a column. @param {unknown} column */
  textOf(column) {
    if (!(column instanceof ArrayBuffer)) return column
    try {
      decoder ??= new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
      return decoder.decode(column)
    } catch (cause) {
      throw this.#failed('SQLITE_CORRUPT', cause)
    }
  }

  async close() {
    this.#closed = true
    const client = this.#client
    this.#client = undefined
    // So that the file alone is a whole copy. Others who still use it may be in the way; then theirs does it.
    if (client && this.#target.file !== undefined) await client.execute('PRAGMA wal_checkpoint(TRUNCATE)').catch(() => {})
    client?.close()
  }

  #open() {
    if (this.#closed) return Promise.reject(closed())
    // Looking through a damaged file again and again would only take time.
    if (this.#damage && !this.#client) return Promise.reject(this.#damage)
    this.#opening ??= this.#connect().catch((error) => {
      // The next call tries again.
      this.#opening = undefined
      throw error
    })
    return this.#opening
  }

  async #connect() {
    const create = await load(this.#target)
    const { file } = this.#target
    this.#file = file === undefined ? undefined : new OpenFile(file)
    const client = await this.#trying(undefined, () => this.#file?.open(create) ?? create())
    if (this.#closed) {
      client.close()
      throw closed()
    }
    try {
      if (file !== undefined) {
        await this.#trying(client, () => makeDurable(client, file))
        await this.#trying(client, () => checkPages(client))
      }
      await this.#prepare((mode, statements, guards) => this.#ask(client, mode, statements, guards))
    } catch (error) {
      client.close()
      throw error
    }
    this.#client = client
    return client
  }

  /** @param {Client} client @param {'write' | 'deferred'} mode @param {Statement[]} statements @param {number} guards */
  async #ask(client, mode, statements, guards) {
    return this.#trying(client, async () => {
      if (mode === 'write' && this.#damage) throw this.#damage
      this.#file?.check()
      try {
        // One statement is a transaction by itself.
        const results = mode === 'deferred' && statements.length === 1 ? [await client.execute(statements[0])] : await client.batch(statements, mode)
        this.#file?.used()
        // A commit to a file that has no name any more must not be acknowledged.
        if (mode === 'write') this.#file?.check()
        return results.map(({ rows }) => rows)
      } catch (error) {
        const { code, statementIndex } = /** @type {any} */ (error)
        if (statementIndex < guards && /^SQLITE_CONSTRAINT/.test(code)) return REFUSED
        throw error
      }
    })
  }

  /**
   * Waits while others write, without holding up this thread.
   * @template T @param {Client | undefined} client @param {() => Promise<T> | T} act @returns {Promise<T>}
   */
  async #trying(client, act) {
    const deadline = Date.now() + this.#target.timeout
    for (let pause = 1; ; pause = Math.min(pause * 2, PAUSE_MAX)) {
      try {
        return await act()
      } catch (error) {
        if (this.#closed) throw closed()
        const code = String(/** @type {any} */ (error)?.code)
        // Another call's failure took the connection from this one before it was used.
        const replaced = code === 'CLIENT_CLOSED'
        if (client && this.#file && !replaced && !(error instanceof LatchworkError)) await this.#reconnect(client, this.#file)
        if (!replaced && !/^SQLITE_(BUSY|LOCKED)/.test(code)) throw this.#failed(code, error)
        if (Date.now() >= deadline) throw unavailable(`others kept the database busy for ${this.#target.timeout} ms`, error, this.#target)
        await new Promise((resolve) => setTimeout(resolve, pause * Math.random()))
      }
    }
  }

  /**
   * A new connection in the place of one on which a statement failed: the binding leaves such a statement unfinished,
   * and no later transaction could be committed beside it.
   * @param {Client} client @param {OpenFile} file
   */
  async #reconnect(client, file) {
    // The file that is open keeps its number as long as it is; a new one with that number would be taken for it.
    file.check()
    client.reconnect()
    // Next in the row for the one connection, before any other call. Where there is none to be had, that call says so.
    await client.execute(SYNCHRONOUS).catch(() => {})
    file.reopened()
  }

  /** @param {string} code @param {unknown} error */
  #failed(code, error) {
    const { file } = this.#target
    if (file === undefined || error instanceof LatchworkError) return unavailable('the database did not answer as it should', error, this.#target)
    // The binding gives no code where a connection could not be opened.
    const failure = unavailable(reasonOf(file, /^ConnectionFailed/.test(String(/** @type {any} */ (error)?.message)) ? 'SQLITE_CANTOPEN' : code) ?? 'the database did not answer as it should', error, this.#target)
    if (isDamage(code)) this.#damage ??= failure
    return failure
  }
}

/**
 * Readers and a writer at once, and no commit that is only in the system's memory.
 * @param {Client} client @param {string} file
 */
async function makeDurable(client, file) {
  const [journal] = (await client.execute('PRAGMA journal_mode = WAL')).rows
  await client.execute(SYNCHRONOUS)
  const [synchronous] = (await client.execute('PRAGMA synchronous')).rows
  if (journal?.[0] !== 'wal' || synchronous?.[0] !== 2) {
    throw new LatchworkError('store_unavailable', reasonOf(file, '') ?? `the file \`${file}\` can not be written safely where it is: put it on a local disk`)
  }
}

/**
 * Looks through the pages of a file once, so that damage is found before anything is decided by it.
 * @param {Client} client
 */
async function checkPages(client) {
  const [row] = (await client.execute("SELECT quick_check = 'ok' AS whole FROM pragma_quick_check(1)")).rows
  if (row?.whole !== 1) throw Object.assign(new Error('quick_check found damage'), { code: 'SQLITE_CORRUPT' })
}

/** @param {unknown} options @returns {Target} */
function targetOf(options) {
  const [file, url, authToken, timeout = TIMEOUT] = onlyMembersOf(options, 'the options', ['file', 'url', 'authToken', 'timeout'])
  if (typeof timeout !== 'number') throw wrongType('the timeout', 'a number of milliseconds', timeout)
  if (!(timeout > 0 && timeout < 2 ** 31)) throw new LatchworkError('out_of_range', 'the timeout must be a number of milliseconds above 0')
  if (file !== undefined) {
    if (typeof file !== 'string') throw wrongType('the file', 'a path', file)
    if (url !== undefined || authToken !== undefined) throw new LatchworkError('invalid_value', 'the options name a file and a server: give `file` or `url`')
    if (file === '' || file.includes('\0') || file.startsWith(':memory:')) throw new LatchworkError('invalid_value', 'the file has no name: give its path, or use `memoryStore()`')
    if (/^[a-z][a-z0-9+.-]+:\/\//i.test(file)) throw new LatchworkError('invalid_value', 'the file is an address: give a server as `url`')
    return { file, timeout }
  }
  if (typeof url !== 'string') throw wrongType('the file or the url', 'a string', url)
  if (authToken !== undefined && typeof authToken !== 'string') throw wrongType('the authToken', 'a string', authToken)
  checkAddress(url)
  return { url, authToken, timeout }
}

/** @param {string} text */
function checkAddress(text) {
  /** @type {URL | undefined} */
  let address
  try {
    address = new URL(text)
  } catch {
    // Its message would repeat the address, whatever is in it.
  }
  if (!address || !['libsql:', 'https:', 'http:'].includes(address.protocol)) {
    throw new LatchworkError('invalid_value', 'the url is no address of a server: it begins with `libsql:`, `https:` or `http:`')
  }
  if (address.username || address.password || address.search || address.hash) {
    throw new LatchworkError('invalid_value', 'the url has more than a host and a path: give a token as `authToken`')
  }
}

/** What opens this target. @param {Target} target @returns {Promise<() => Client>} */
async function load({ file, url, authToken, timeout }) {
  try {
    if (file !== undefined) {
      const { createClient } = await import('@libsql/client')
      // As a whole, so that no letter of a path is taken for a part of an address.
      return () => createClient({ url: `file:${encodeURIComponent(file)}`, concurrency: 1, timeout: BUSY })
    }
    // Without the native engine and the sockets that the whole package brings.
    const { createClient } = await import('@libsql/client/http')
    const config = { url: String(url), fetch: (/** @type {Request} */ request) => fetch(request, { redirect: 'manual', signal: AbortSignal.timeout(timeout) }) }
    return () => createClient(authToken === undefined ? config : { ...config, authToken })
  } catch (cause) {
    throw new LatchworkError('missing_dependency', 'the package `@libsql/client` is not there: type `npm install @libsql/client`', undefined, cause)
  }
}

/** @param {string} message @param {unknown} error @param {Target} target */
function unavailable(message, error, { authToken }) {
  return error instanceof LatchworkError ? error : new LatchworkError('store_unavailable', message, undefined, causeOf(error, authToken, CAUSES))
}

const closed = () => new LatchworkError('disposed', 'the store was closed: open another')

/**
 * What went wrong, in an error that carries nothing but words: no request, no token.
 * @param {any} error @param {string | undefined} secret @param {number} depth
 * @returns {Error}
 */
function causeOf(error, secret, depth) {
  const text = String(error?.message ?? error)
  const cause = error?.cause && depth > 0 ? causeOf(error.cause, secret, depth - 1) : undefined
  const copy = new Error(secret ? text.replaceAll(secret, '…') : text, { cause })
  return Object.assign(copy, typeof error?.code === 'string' ? { code: error.code } : {})
}
