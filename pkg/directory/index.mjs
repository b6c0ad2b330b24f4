// @ts-check
// The directory: the documented requests of a product, over a store.

import { checkString, membersOf, wrongType } from '../lib/argument.mjs'
import { LatchworkError } from '../lib/error.mjs'
import { RECORDS_MAX, toJson } from '../lib/json.mjs'
import { fromBase64, toBase64 } from './base64.mjs'
import { bodyOf, responseOf, taskOf } from './http.mjs'
import { modules } from './modules.mjs'
import { Passwords } from './passwords.mjs'
import { Runner } from './run.mjs'
import { guarded } from './store.mjs'

export { LatchworkError } from '../lib/error.mjs'

/** How long the store may take for a step, in milliseconds. */
const PATIENCE = 10_000
const SECRET_KEY = 'directory/secret'
const SECRET_LENGTH = 32
/** The least length of a secret that a host gives, in bytes. */
const SECRET_LEAST = 32
/** Entries of the store that are read at once. */
const PAGE = 1000

/** @param {any} parts */
export function createDirectory(parts) {
  return new Directory(parts)
}

class Directory {
  #system
  #store
  #runner
  #sendMail
  #upstream
  #log
  #now
  #random
  /** @type {Uint8Array | undefined} */
  #secret

  /** @param {any} parts */
  constructor(parts) {
    const [system, store, secret, sendMail, upstream, now = Date.now, random = draw, log, cost = {}] = membersOf(
      parts,
      'what a directory is made of',
      ['system', 'store', 'secret', 'sendMail', 'upstream', 'now', 'random', 'log', 'cost'],
    )
    checkString(system, 'the system')
    checkStore(store)
    for (const [hook, what] of [[sendMail, 'sendMail'], [upstream, 'upstream'], [now, 'now'], [random, 'random'], [log, 'log']]) {
      if (hook !== undefined && typeof hook !== 'function') throw wrongType(what, 'a function', hook)
    }
    this.#system = system
    this.#store = guarded(store, PATIENCE)
    this.#secret = secret === undefined ? undefined : secretOf(secret)
    this.#sendMail = sendMail
    this.#upstream = upstream
    this.#log = log
    this.#now = now
    this.#random = random
    this.#runner = new Runner({
      system,
      store: this.#store,
      passwords: new Passwords(cost, now),
      secret: () => this.#sharedSecret(),
      now,
      random,
    })
    // A system without a directory is said so now, not at the first request.
    this.#runner.fault('internal')
  }

  /** Answers a request. Whatever goes wrong, there is a response, and it lets nobody in. @type {(request: Request) => Promise<Response>} */
  fetch = async (request) => {
    const started = this.#now()
    let outcome
    let response
    try {
      const body = await bodyOf(request)
      outcome = body === null ? this.#runner.fault('too_large') : await this.#runner.run(taskOf(request, body, null))
      if (outcome.upstream && this.#upstream && body !== null) {
        const passed = new Request(request.url, { method: request.method, headers: request.headers, body: body.length ? body : undefined })
        response = await this.#upstream(passed, { actor: outcome.actor, ...outcome.noted.at(-1) })
      } else {
        response = responseOf(outcome.response, (after) => this.#more(request, body ?? new Uint8Array(0), after))
      }
      await this.#send(outcome.mails)
    } catch (error) {
      outcome = { ...outcome, failure: error }
      response = this.#failed(error)
    }
    this.#note(request, response, outcome, started)
    return response
  }

  /** The present records, in the shape that `open` takes, without a secret. */
  async records() {
    /** @type {[string, string][]} */
    const entries = []
    for (let after = null; ; ) {
      const page = await this.#store.scan('', after, PAGE)
      for (const { key, value } of page) entries.push([key, value])
      if (page.length < PAGE) break
      after = page[page.length - 1].key
    }
    return this.#runner.export(entries)
  }

  /** An authorizer over the present records: it does not follow later changes. */
  async authorizer() {
    const { open } = await modules.core()
    return open(/** @type {any} */ (this.#system), await this.records())
  }

  /** Fills an empty store. @param {unknown} records */
  async seed(records) {
    const { text, problems } = toJson(records, RECORDS_MAX)
    if (problems.length > 0) throw new LatchworkError('invalid_records', 'the records have problems', problems)
    const { response } = await this.#runner.run(`{"seed":${text}}`)
    if (response.status !== 204) throw refusal(response)
  }

  /** A secret with which the first records can be sent, once; null if the store has users. */
  async bootstrap() {
    const { response } = await this.#runner.run('{"bootstrap":true}')
    const said = JSON.parse(response.text)
    if (said.error?.code === 'not_empty') return null
    if (response.status !== 200) throw refusal(response)
    return said.secret
  }

  /** The text of the part of a list that follows. @param {Request} request @param {Uint8Array} body @param {string} after */
  async #more(request, body, after) {
    const { response } = await this.#runner.run(taskOf(request, body, after))
    if (response.status !== 200) throw new LatchworkError('internal', 'the list was cut short: who reads it may no longer')
    return response
  }

  /** @param {any[]} mails */
  async #send(mails = []) {
    for (const mail of mails) await this.#sendMail?.(mail)
  }

  /** @param {unknown} error */
  #failed(error) {
    const isStore = error instanceof LatchworkError && error.code === 'store_unavailable'
    try {
      return responseOf(this.#runner.fault(isStore ? 'store_unavailable' : 'internal').response, async () => ({}))
    } catch {
      return new Response(null, { status: 500 })
    }
  }

  /** Tells the host what happened: nothing of it is a secret. @param {Request} request @param {Response} response @param {any} outcome @param {number} started */
  #note(request, response, outcome, started) {
    try {
      this.#log?.({
        method: request.method,
        path: new URL(request.url).pathname,
        status: response.status,
        actor: outcome?.actor ?? null,
        decisions: outcome?.noted ?? [],
        milliseconds: this.#now() - started,
        ...(outcome?.failure ? { failure: outcome.failure } : {}),
      })
    } catch {
      // A log that fails must not change an answer that is out already.
    }
  }

  /** The secret that signs sessions: the host's, or one that the store keeps for all who share it. */
  async #sharedSecret() {
    if (this.#secret) return this.#secret
    const mine = toBase64(this.#random(new Uint8Array(SECRET_LENGTH)))
    let [entry] = await this.#store.read([SECRET_KEY])
    if (!entry) {
      await this.#store.commit([{ key: SECRET_KEY, expect: null, value: JSON.stringify(mine) }])
      ;[entry] = await this.#store.read([SECRET_KEY])
    }
    if (!entry) throw new LatchworkError('store_unavailable', 'the store forgot what it took')
    this.#secret = fromBase64(JSON.parse(entry.value))
    return this.#secret
  }
}

/** @param {Uint8Array} bytes */
function draw(bytes) {
  return crypto.getRandomValues(bytes)
}

/** @param {any} store */
function checkStore(store) {
  const isStore = typeof store === 'object' && store !== null
  if (isStore && ['read', 'scan', 'commit'].every((method) => typeof store[method] === 'function')) return
  throw wrongType('the store', 'an object with `read`, `scan` and `commit`', store)
}

/** @param {unknown} secret */
function secretOf(secret) {
  const bytes = typeof secret === 'string' ? new TextEncoder().encode(secret) : secret
  if (!(bytes instanceof Uint8Array)) throw wrongType('the secret', 'a string or a Uint8Array', secret)
  if (bytes.length < SECRET_LEAST) {
    throw new LatchworkError('weak_secret', `the secret must have at least ${SECRET_LEAST} bytes: sessions are signed with it`)
  }
  return bytes
}

/** What the core said against something that the host itself asked for. @param {any} response */
function refusal({ text }) {
  const { code, message, problems } = JSON.parse(text).error
  return new LatchworkError(code, message, problems)
}
