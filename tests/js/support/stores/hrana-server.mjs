// @ts-check
// A double of a libSQL server: the part of its protocol over HTTP ("Hrana", version 2) that the client speaks, over a
// file. It can simulate failures of a server and of a network.

import { once } from 'node:events'
import { createServer } from 'node:http'
import LibsqlDatabase from 'libsql'

/** What a fault does with one request. @typedef {'status' | 'refuse' | 'stall' | 'stall-body' | 'cut-before' | 'cut-after' | 'redirect' | { body: unknown } | { text: string }} Fault */

export class HranaServer {
  /** Requests that came. */
  requests = 0
  /** What goes wrong with the next requests, in their order. @type {(Fault | null)[]} */
  faults = []
  /** @type {string | undefined} */
  token
  #database
  #http = createServer((request, response) => void this.#serve(request, response))

  /** @param {string} file */
  constructor(file) {
    this.#database = new LibsqlDatabase(file)
    this.#database.exec('PRAGMA journal_mode = WAL')
  }

  /** The address, once it listens. */
  async listen() {
    this.#http.listen(0, '127.0.0.1')
    await once(this.#http, 'listening')
    return `http://127.0.0.1:${/** @type {any} */ (this.#http.address()).port}`
  }

  close() {
    this.#http.closeAllConnections()
    this.#http.close()
    this.#database.close()
  }

  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  async #serve(request, response) {
    this.requests += 1
    const fault = this.faults.shift() ?? null
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += chunk
    const respond = (/** @type {number} */ status, /** @type {unknown} */ body, type = 'application/json') => {
      response.writeHead(status, { 'content-type': type }).end(typeof body === 'string' ? body : JSON.stringify(body))
    }
    if (request.method !== 'POST' || request.url !== '/v2/pipeline') return respond(404, 'no such path', 'text/plain')
    // As an unkind server would have it, with the token in its words.
    if (this.token !== undefined && request.headers.authorization !== `Bearer ${this.token}`) return respond(401, `no rights for ${request.headers.authorization}`, 'text/plain')
    if (fault === 'cut-before') return request.socket.destroy()
    if (fault === 'stall') return
    if (fault === 'status') return respond(503, `overloaded, says ${request.headers.authorization}`, 'text/plain')
    if (fault === 'refuse') return respond(400, { message: `no, ${request.headers.authorization}`, code: 'SQLITE_CONSTRAINT' })
    if (fault === 'redirect') return response.writeHead(307, { location: '/elsewhere' }).end()
    const results = this.#pipeline(JSON.parse(text).requests)
    if (fault === 'cut-after') return request.socket.destroy()
    if (fault === 'stall-body') return response.writeHead(200, { 'content-type': 'application/json' }).write('{"baton":null,')
    if (fault && 'text' in fault) return respond(200, fault.text)
    respond(200, fault ? fault.body : { baton: null, base_url: null, results })
  }

  /** The stream ends with the request: nothing of it stays open. @param {any[]} requests */
  #pipeline(requests) {
    /** @type {Map<number, string>} */
    const stored = new Map()
    const results = requests.map((request) => {
      const type = request.type
      if (type === 'store_sql') stored.set(request.sql_id, request.sql)
      if (type === 'store_sql' || type === 'close_sql' || type === 'close') return { type: 'ok', response: { type } }
      if (type === 'batch') return { type: 'ok', response: { type, result: this.#batch(request.batch.steps, stored) } }
      if (type !== 'execute') throw new Error(`the double knows no ${type}`)
      const { result, error } = this.#statement(request.stmt, stored)
      return error ? { type: 'error', error } : { type: 'ok', response: { type, result } }
    })
    if (this.#database.inTransaction) this.#database.exec('ROLLBACK')
    return results
  }

  /** @param {{ condition?: any, stmt: any }[]} steps @param {Map<number, string>} stored */
  #batch(steps, stored) {
    /** @type {any[]} */
    const done = []
    /** @type {(condition: any) => boolean} */
    const holds = (condition) => {
      if (!condition) return true
      if (condition.type === 'ok') return Boolean(done[condition.step]?.result)
      if (condition.type === 'not') return !holds(condition.cond)
      if (condition.type === 'and') return condition.conds.every(holds)
      throw new Error(`the double knows no condition ${condition.type}`)
    }
    for (const { condition, stmt } of steps) done.push(holds(condition) ? this.#statement(stmt, stored) : {})
    return { step_results: done.map(({ result }) => result ?? null), step_errors: done.map(({ error }) => error ?? null) }
  }

  /** @param {{ sql?: string, sql_id?: number, args?: any[] }} stmt @param {Map<number, string>} stored */
  #statement({ sql, sql_id: id, args = [] }, stored) {
    try {
      const statement = this.#database.prepare(String(sql ?? stored.get(Number(id)))).safeIntegers(true)
      const values = args.map(({ type, value }) => (type === 'integer' ? BigInt(value) : type === 'null' ? null : value))
      if (!statement.reader) {
        const { changes } = statement.run(values)
        return { result: { cols: [], rows: [], affected_row_count: changes, last_insert_rowid: null } }
      }
      const cols = statement.columns().map(({ name }) => ({ name, decltype: null }))
      const rows = statement.raw(true).all(values).map((/** @type {any} */ row) => row.map(valueOf))
      return { result: { cols, rows, affected_row_count: 0, last_insert_rowid: null } }
    } catch (error) {
      const { message, code } = /** @type {any} */ (error)
      return { error: { message: `SQLite error: ${message}`, code } }
    }
  }
}

/** A value as it is on the wire. @param {unknown} value */
function valueOf(value) {
  if (value === null) return { type: 'null' }
  if (typeof value === 'bigint') return { type: 'integer', value: String(value) }
  if (typeof value === 'number') return { type: 'float', value }
  return { type: 'text', value: String(value) }
}
