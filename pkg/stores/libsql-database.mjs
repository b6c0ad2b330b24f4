// @ts-check
// One libSQL database, a file or a server: opens it, executes statements, retries while it is busy, and maps its errors.

import { onlyMembersOf, wrongType } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'
import { OpenFile, isDamage, describeFailure } from './libsql-file.mjs'

/** The default timeout in milliseconds: for a server's response, or while other processes write to the file. */
const TIMEOUT = 10_000

/**
 * How long the engine itself waits for a busy file, which blocks this thread, in milliseconds. Commits of other writers
 * are much faster. For a longer wait the statement is retried without blocking.
 */
const BUSY = 100

/** The longest pause between two attempts at a busy file, in milliseconds. */
const PAUSE_MAX = 50

const SYNCHRONOUS = 'PRAGMA synchronous = FULL'

/** How many nested causes of an error are kept. */
const CAUSES = 5

/** @type {TextDecoder | undefined} */
let decoder

/** @typedef {import('@libsql/client').Client} Client */
/** @typedef {{ sql: string, args: (string | number | null)[] }} Statement */
/** @typedef {{ file?: string, url?: string, authToken?: string, timeout: number }} Target */

/** The result of a batch in which a guard statement failed. */
export class Refusal {
  /** @param {number} statement the index of the guard statement */
  constructor(statement) {
    this.statement = statement
  }
}

export class Database {
  #target
  #prepare
  /** @type {Client | undefined} */
  #client
  /** @type {Promise<Client> | undefined} */
  #opening
  #closed = false
  /** The open file, if the database is a file. @type {OpenFile | undefined} */
  #file
  /** The error of the first statement that found the file damaged. @type {Error | undefined} */
  #damage

  /**
   * @param {unknown} options
   * @param {(execute: (mode: 'write' | 'deferred', statements: Statement[], guards: number) => Promise<any>) => Promise<void>} prepare creates the tables, or refuses those of another format
   */
  constructor(options, prepare) {
    this.#target = parseTarget(options)
    this.#prepare = prepare
  }

  /**
   * Executes the statements in one transaction, and returns their rows. If one of the first `guards` statements breaks a
   * constraint, the transaction is rolled back, and the result is a `Refusal`.
   * @param {'write' | 'deferred'} mode @param {Statement[]} statements @param {number} [guards]
   * @returns {Promise<import('@libsql/client').Row[][] | Refusal>}
   */
  async execute(mode, statements, guards = 0) {
    const client = await this.#open()
    return this.#execute(client, mode, statements, guards)
  }

  /** Whether the database is a file. */
  get isFile() {
    return this.#target.file !== undefined
  }

  /** The columns of an entry. A file returns bytes: its binding aborts the process at text that is not UTF-8. */
  get columns() {
    return this.isFile ? 'CAST(key AS BLOB) AS key, CAST(value AS BLOB) AS value, version' : 'key, value, version'
  }

  /** The text of a column. @param {unknown} column */
  textOf(column) {
    if (!(column instanceof ArrayBuffer)) return column
    try {
      decoder ??= new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
      return decoder.decode(column)
    } catch (cause) {
      throw this.#toError('SQLITE_CORRUPT', cause)
    }
  }

  async close() {
    this.#closed = true
    const client = this.#client
    this.#client = undefined
    // Writes the log back, so that the file alone is a complete copy. If other processes still use the file, theirs does it.
    if (client && this.#target.file !== undefined) await client.execute('PRAGMA wal_checkpoint(TRUNCATE)').catch(() => {})
    client?.close()
  }

  #open() {
    if (this.#closed) return Promise.reject(closedError())
    // A damaged file is not checked again.
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
    const client = await this.#retryWhileBusy(undefined, () => this.#file?.open(create) ?? create())
    if (this.#closed) {
      client.close()
      throw closedError()
    }
    try {
      if (file !== undefined) {
        await this.#retryWhileBusy(client, () => makeDurable(client, file))
        await this.#retryWhileBusy(client, () => checkPages(client))
      }
      await this.#prepare((mode, statements, guards) => this.#execute(client, mode, statements, guards))
    } catch (error) {
      client.close()
      throw error
    }
    this.#client = client
    return client
  }

  /** @param {Client} client @param {'write' | 'deferred'} mode @param {Statement[]} statements @param {number} guards */
  async #execute(client, mode, statements, guards) {
    return this.#retryWhileBusy(client, async () => {
      if (mode === 'write' && this.#damage) throw this.#damage
      this.#file?.check()
      try {
        // One statement is a transaction by itself.
        const results = mode === 'deferred' && statements.length === 1 ? [await client.execute(statements[0])] : await client.batch(statements, mode)
        this.#file?.rememberCompanions()
        // A commit to a file that was deleted or replaced must not be acknowledged.
        if (mode === 'write') this.#file?.check()
        return results.map(({ rows }) => rows)
      } catch (error) {
        const { code, statementIndex } = /** @type {any} */ (error)
        if (statementIndex < guards && /^SQLITE_CONSTRAINT/.test(code)) return new Refusal(statementIndex)
        throw error
      }
    })
  }

  /**
   * Retries while other processes write, without blocking this thread.
   * @template T @param {Client | undefined} client @param {() => Promise<T> | T} task @returns {Promise<T>}
   */
  async #retryWhileBusy(client, task) {
    const deadline = Date.now() + this.#target.timeout
    for (let pause = 1; ; pause = Math.min(pause * 2, PAUSE_MAX)) {
      try {
        return await task()
      } catch (error) {
        if (this.#closed) throw closedError()
        const code = String(/** @type {any} */ (error)?.code)
        // After another call failed, the connection was replaced before this call used it.
        const isReplaced = code === 'CLIENT_CLOSED'
        if (client && this.#file && !isReplaced && !(error instanceof LatchworkError)) await this.#reconnect(client, this.#file)
        if (!isReplaced && !/^SQLITE_(BUSY|LOCKED)/.test(code)) throw this.#toError(code, error)
        if (Date.now() >= deadline) throw unavailable(`the database was locked by other processes for ${this.#target.timeout} ms`, error, this.#target)
        await new Promise((resolve) => setTimeout(resolve, pause * Math.random()))
      }
    }
  }

  /**
   * Replaces a connection on which a statement failed. The binding leaves such a statement unfinished, and no later
   * transaction could commit on that connection.
   * @param {Client} client @param {OpenFile} file
   */
  async #reconnect(client, file) {
    // Checked while the file is still open: only an open file cannot lose its inode number to a new file.
    file.check()
    client.reconnect()
    // Queued before any other call on the one connection. If no connection can be opened, the next call fails.
    await client.execute(SYNCHRONOUS).catch(() => {})
    file.forgetCompanions()
  }

  /** @param {string} code @param {unknown} error */
  #toError(code, error) {
    const { file } = this.#target
    if (file === undefined || error instanceof LatchworkError) return unavailable('the database failed, or returned an invalid response', error, this.#target)
    // The binding sets no code if a connection could not be opened.
    const failure = unavailable(describeFailure(file, /^ConnectionFailed/.test(String(/** @type {any} */ (error)?.message)) ? 'SQLITE_CANTOPEN' : code) ?? 'the database failed, or returned an invalid response', error, this.#target)
    if (isDamage(code)) this.#damage ??= failure
    return failure
  }
}

/**
 * Enables concurrent readers with one writer (WAL), and syncs each commit to the disk.
 * @param {Client} client @param {string} file
 */
async function makeDurable(client, file) {
  const [journal] = (await client.execute('PRAGMA journal_mode = WAL')).rows
  await client.execute(SYNCHRONOUS)
  const [synchronous] = (await client.execute('PRAGMA synchronous')).rows
  if (journal?.[0] !== 'wal' || synchronous?.[0] !== 2) {
    throw new LatchworkError('store_unavailable', describeFailure(file, '') ?? `the file \`${file}\` cannot be written safely at this path: put it on a local disk`)
  }
}

/**
 * Checks the pages of a file once, so that damage is found before the data is used.
 * @param {Client} client
 */
async function checkPages(client) {
  const [row] = (await client.execute("SELECT quick_check = 'ok' AS whole FROM pragma_quick_check(1)")).rows
  if (row?.whole !== 1) throw Object.assign(new Error('quick_check found damage'), { code: 'SQLITE_CORRUPT' })
}

/** @param {unknown} options @returns {Target} */
function parseTarget(options) {
  const [file, url, authToken, timeout = TIMEOUT] = onlyMembersOf(options, 'the options', ['file', 'url', 'authToken', 'timeout'])
  if (typeof timeout !== 'number') throw wrongType('the timeout', 'a number of milliseconds', timeout)
  if (!(timeout > 0 && timeout < 2 ** 31)) throw new LatchworkError('out_of_range', 'the timeout must be a number of milliseconds above 0')
  if (file !== undefined) {
    if (typeof file !== 'string') throw wrongType('the file', 'a path', file)
    if (url !== undefined || authToken !== undefined) throw new LatchworkError('invalid_value', 'the options have a file and a server: give `file` or `url`')
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
    throw new LatchworkError('invalid_value', 'the url is not the address of a server: expected `libsql:`, `https:` or `http:`')
  }
  if (address.username || address.password || address.search || address.hash) {
    throw new LatchworkError('invalid_value', 'the url has more than a host and a path: give a token as `authToken`')
  }
}

/** Loads the client, and returns a function that opens this target. @param {Target} target @returns {Promise<() => Client>} */
async function load({ file, url, authToken, timeout }) {
  try {
    if (file !== undefined) {
      const { createClient } = await import('@libsql/client')
      // Encoded, so that no character of the path is parsed as a part of the URL.
      return () => createClient({ url: `file:${encodeURIComponent(file)}`, concurrency: 1, timeout: BUSY })
    }
    // This entry does not load the native engine and web sockets.
    const { createClient } = await import('@libsql/client/http')
    const config = { url: String(url), fetch: (/** @type {Request} */ request) => fetch(request, { redirect: 'manual', signal: AbortSignal.timeout(timeout) }) }
    return () => createClient(authToken === undefined ? config : { ...config, authToken })
  } catch (cause) {
    throw new LatchworkError('missing_dependency', 'the package `@libsql/client` is not installed: run `npm install @libsql/client`', undefined, cause)
  }
}

/** @param {string} message @param {unknown} error @param {Target} target */
function unavailable(message, error, { authToken }) {
  return error instanceof LatchworkError ? error : new LatchworkError('store_unavailable', message, undefined, sanitizeCause(error, authToken, CAUSES))
}

const closedError = () => new LatchworkError('disposed', 'the store was closed: open another')

/**
 * Copies an error's message, code and causes without any other members, which could contain a request or a token.
 * @param {any} error @param {string | undefined} secret @param {number} depth
 * @returns {Error}
 */
function sanitizeCause(error, secret, depth) {
  const text = String(error?.message ?? error)
  const cause = error?.cause && depth > 0 ? sanitizeCause(error.cause, secret, depth - 1) : undefined
  const copy = new Error(secret ? text.replaceAll(secret, '…') : text, { cause })
  return Object.assign(copy, typeof error?.code === 'string' ? { code: error.code } : {})
}
