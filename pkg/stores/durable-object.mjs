// @ts-check
// A store in a Durable Object of Cloudflare: the class of the object, and the store that asks one by `fetch`.

import { onlyMembersOf, reading, wrongType } from '../core/argument.mjs'
import { LatchworkError } from '../core/error.mjs'
import { entriesOf, inOrder, nonsense } from './entries.mjs'
import { endOf, startOf } from './order.mjs'
import { commitRequest, readRequest, scanRequest } from './request.mjs'

export { LatchworkError } from '../core/error.mjs'

/** The tables' format; whoever changes them counts on. */
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

/** One request of a store to its object. @typedef {{ keys: string[] } | { prefix: string, after: string | null, limit: number } | { changes: Change[] }} Asked */

export class LatchworkStore {
  #storage
  #ready = false

  /** @param {{ readonly storage: any }} state */
  constructor({ storage }) {
    this.#storage = storage
  }

  /** @param {{ text(): Promise<string> }} request @returns {Promise<any>} */
  async fetch(request) {
    const asked = JSON.parse(await request.text())
    try {
      this.#prepare()
      return Response.json({ answer: this.#answer(asked) })
    } catch (error) {
      const { code, message } = /** @type {any} */ (error)
      return Response.json({ code, message }, { status: 500 })
    }
  }

  /** Makes the tables where there are none. */
  #prepare() {
    if (this.#ready) return
    this.#storage.transactionSync(() => this.#sql(TABLES))
    const [{ format }] = this.#sql('SELECT format FROM latchwork_store')
    if (format !== FORMAT) throw Object.assign(new Error(`format ${format}`), { code: 'unknown_format' })
    this.#ready = true
  }

  /** @param {Asked} asked */
  #answer(asked) {
    if ('keys' in asked) return asked.keys.flatMap((key) => this.#entry(key) ?? [])
    if ('changes' in asked) return this.#storage.transactionSync(() => this.#commit(asked.changes))
    const { from, inclusive } = startOf(asked.prefix, asked.after)
    const end = endOf(asked.prefix)
    const where = `key ${inclusive ? '>=' : '>'} ?${end === null ? '' : ' AND key < ?'}`
    return this.#sql(`${SELECT} WHERE ${where} ORDER BY key LIMIT ?`, from, ...(end === null ? [] : [end]), asked.limit)
  }

  /** @param {Change[]} changes */
  #commit(changes) {
    if (!changes.every(({ key, expect }) => (this.#entry(key)?.version ?? null) === expect)) return false
    const made = changes.filter(({ value }) => value !== undefined)
    if (made.length === 0) return true
    const [{ last }] = this.#sql('UPDATE latchwork_store SET last = last + 1 RETURNING last')
    for (const { key, value } of made) {
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

  /** @param {Asked} asked */
  async function ask(asked) {
    if (closed) throw new LatchworkError('disposed', 'the store was closed: open another')
    /** @type {any} */
    let said
    try {
      const response = await stub().fetch('https://latchwork/', { method: 'POST', body: JSON.stringify(asked) })
      said = JSON.parse(await response.text())
    } catch (cause) {
      throw new LatchworkError('store_unavailable', 'the object could not be asked', undefined, cause)
    }
    if (said?.code === 'unknown_format') throw new LatchworkError('unknown_format', `the object's tables are not of format ${FORMAT}: name another object, or update this package`)
    if (said?.answer === undefined) throw new LatchworkError('store_unavailable', 'the object failed', undefined, new Error(String(said?.message)))
    return said.answer
  }

  return {
    async read(keys) {
      const asked = readRequest(keys)
      return asked.length === 0 ? [] : inOrder(asked, entriesOf(await ask({ keys: asked })))
    },

    async scan(...request) {
      return entriesOf(await ask(scanRequest(...request)))
    },

    async commit(request) {
      const made = await ask({ changes: commitRequest(request) })
      if (typeof made !== 'boolean') throw nonsense()
      return made
    },

    close() {
      closed = true
    },
  }
}

/**
 * A stub for each call: after a failure one of a namespace is good for nothing more.
 * @param {any} binding @param {string} name
 * @returns {() => ObjectStub}
 */
function stubs(binding, name) {
  // A stub answers to every name, a namespace does not fetch.
  const kind = reading('the binding', () => ['fetch', 'idFromName'].find((method) => typeof binding?.[method] === 'function'))
  if (kind === 'fetch') return () => binding
  if (kind === 'idFromName') return () => binding.get(binding.idFromName(name))
  throw wrongType('the binding', 'a namespace of Durable Objects or a stub of one', binding)
}
