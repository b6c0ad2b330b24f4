// @ts-check
// A store in a Cloudflare Durable Object: the class of the object, and the store that calls it with `fetch`.

import { onlyMembersOf, runCallerCode, wrongType } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'
import { parseEntries, orderByKeys, invalidResult } from './entries.mjs'
import { prefixEnd, scanStart } from './order.mjs'
import { parseCommitRequest, parseReadRequest, parseScanRequest } from './request.mjs'

export { LatchworkError } from '../core/error.mjs'

/** The version of the table format, incremented with each change. */
const FORMAT = 1

const TABLES = `
  CREATE TABLE IF NOT EXISTS latchwork_store (id INTEGER PRIMARY KEY CHECK (id = 1), format INTEGER NOT NULL, last INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS latchwork_entries (key TEXT PRIMARY KEY, value TEXT NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID;
  INSERT OR IGNORE INTO latchwork_store (id, format, last) VALUES (1, ${FORMAT}, 0)`

const SELECT = 'SELECT key, value, version FROM latchwork_entries'
const PUT = `INSERT INTO latchwork_entries (key, value, version) VALUES (?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET value = excluded.value, version = excluded.version`

/** @typedef {import('./store.js').Entry} Entry */
/** @typedef {import('./store.js').Change} Change */
/** @typedef {import('./durable-object.js').ObjectNamespace} ObjectNamespace */
/** @typedef {import('./durable-object.js').ObjectStub} ObjectStub */

/** A request of a store to its object. @typedef {{ keys: string[] } | { prefix: string, after: string | null, limit: number } | { changes: Change[] }} ObjectRequest */

export class LatchworkStore {
  #storage
  #ready = false

  /** @param {{ readonly storage: any }} state */
  constructor({ storage }) {
    this.#storage = storage
  }

  /** @param {{ text(): Promise<string> }} request @returns {Promise<any>} */
  async fetch(request) {
    const parsed = JSON.parse(await request.text())
    try {
      this.#createTables()
      return Response.json({ answer: this.#execute(parsed) })
    } catch (error) {
      const { code, message } = /** @type {any} */ (error)
      return Response.json({ code, message }, { status: 500 })
    }
  }

  /** Creates the tables if they are missing, and checks their format. */
  #createTables() {
    if (this.#ready) return
    this.#storage.transactionSync(() => this.#sql(TABLES))
    const [{ format }] = this.#sql('SELECT format FROM latchwork_store')
    if (format !== FORMAT) throw Object.assign(new Error(`format ${format}`), { code: 'unknown_format' })
    this.#ready = true
  }

  /** @param {ObjectRequest} parsed */
  #execute(parsed) {
    if ('keys' in parsed) return parsed.keys.flatMap((key) => this.#entry(key) ?? [])
    if ('changes' in parsed) return this.#storage.transactionSync(() => this.#commit(parsed.changes))
    const { from, inclusive } = scanStart(parsed.prefix, parsed.after)
    const end = prefixEnd(parsed.prefix)
    const where = `key ${inclusive ? '>=' : '>'} ?${end === null ? '' : ' AND key < ?'}`
    return this.#sql(`${SELECT} WHERE ${where} ORDER BY key LIMIT ?`, from, ...(end === null ? [] : [end]), parsed.limit)
  }

  /** @param {Change[]} changes */
  #commit(changes) {
    if (!changes.every(({ key, expect }) => (this.#entry(key)?.version ?? null) === expect)) return false
    const written = changes.filter(({ value }) => value !== undefined)
    if (written.length === 0) return true
    const [{ last }] = this.#sql('UPDATE latchwork_store SET last = last + 1 RETURNING last')
    for (const { key, value } of written) {
      if (value === null) this.#sql('DELETE FROM latchwork_entries WHERE key = ?', key)
      else this.#sql(PUT, key, value, last)
    }
    return true
  }

  /** @param {string} key @returns {Entry | null} */
  #entry(key) {
    return this.#sql(`${SELECT} WHERE key = ?`, key)[0] ?? null
  }

  /** @param {string} text @param {unknown[]} values @returns {any[]} */
  #sql(text, ...values) {
    return this.#storage.sql.exec(text, ...values).toArray()
  }
}

/**
 * @param {ObjectNamespace | ObjectStub} binding
 * @param {{ name?: string }} [options]
 * @returns {import('./store.js').Store}
 */
export function durableObjectStore(binding, options = {}) {
  const [name = 'latchwork'] = onlyMembersOf(options, 'the options', ['name'])
  if (typeof name !== 'string') throw wrongType('the name', 'a string', name)
  const stub = stubs(binding, name)
  let closed = false

  /** @param {ObjectRequest} parsed */
  async function callObject(parsed) {
    if (closed) throw new LatchworkError('disposed', 'the store was closed: open another')
    /** @type {any} */
    let reply
    try {
      const response = await stub().fetch('https://latchwork/', { method: 'POST', body: JSON.stringify(parsed) })
      reply = JSON.parse(await response.text())
    } catch (cause) {
      throw new LatchworkError('store_unavailable', 'the object could not be reached', undefined, cause)
    }
    if (reply?.code === 'unknown_format') throw new LatchworkError('unknown_format', `the object's tables are not of format ${FORMAT}: name another object, or update this package`)
    if (reply?.answer === undefined) throw new LatchworkError('store_unavailable', 'the object failed', undefined, new Error(String(reply?.message)))
    return reply.answer
  }

  return {
    async read(keys) {
      const parsed = parseReadRequest(keys)
      return parsed.length === 0 ? [] : orderByKeys(parsed, parseEntries(await callObject({ keys: parsed })))
    },

    async scan(...request) {
      return parseEntries(await callObject(parseScanRequest(...request)))
    },

    async commit(request) {
      const isWritten = await callObject({ changes: parseCommitRequest(request) })
      if (typeof isWritten !== 'boolean') throw invalidResult()
      return isWritten
    },

    close() {
      closed = true
    },
  }
}

/**
 * Returns a function that gets a stub for each call. A stub of a namespace cannot be used after a failure.
 * @param {any} binding @param {string} name
 * @returns {() => ObjectStub}
 */
function stubs(binding, name) {
  // Checks `fetch` first: a stub has every method, and a namespace has no `fetch`.
  const kind = runCallerCode('the binding', () => ['fetch', 'idFromName'].find((method) => typeof binding?.[method] === 'function'))
  if (kind === 'fetch') return () => binding
  if (kind === 'idFromName') return () => binding.get(binding.idFromName(name))
  throw wrongType('the binding', 'a namespace of Durable Objects or a stub of one', binding)
}
