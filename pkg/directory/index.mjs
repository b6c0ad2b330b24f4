// @ts-check
// The directory: the documented requests of a product, over a store.

import { isTyped, LatchworkError } from '../core/error.mjs'
import { RECORDS_TEXT_MAX, toJson } from '../core/json.mjs'
import * as lazy from '../entries/lazy.mjs'
import { Body, tooLarge } from './body.mjs'
import { claimFor } from './claim.mjs'
import { clientOf } from './client.mjs'
import { callOf, passedOn, responseOf } from './http.mjs'
import { identityOf } from './identify.mjs'
import { isCrossSite, preflightOf, withCors } from './origins.mjs'
import { partsOf } from './options.mjs'
import { Passwords } from './passwords.mjs'
import { within } from './timeout.mjs'
import { receivedOf } from './request.mjs'
import { Runner } from './runner.mjs'
import { secretFor } from './secret.mjs'
import { GuardedStore } from './store.mjs'
import { taskText } from './wire-format.mjs'
import { everything } from './snapshot.mjs'

export { LatchworkError } from '../core/error.mjs'

/** The failures that have an answer of their own; all others are `internal`. */
const FAULTS = ['too_large', 'bad_request', 'unsupported_encoding', 'request_timeout', 'cross_site', 'unauthorized', 'record_too_large', 'conflict', 'store_unavailable', 'overloaded']

/** What there is to tell of a request. @typedef {{ started?: number, outcome?: any, failure?: unknown }} Told */
/** @typedef {import('./request.mjs').Received} Received */

/** @param {any} parts */
export function createDirectory(parts) {
  return new Directory(parts)
}

class Directory {
  #system
  #store
  #claim
  #runner
  #sendMail
  #upstream
  #client
  #identify
  #limits
  #publicUrl
  #allowedOrigins
  #log
  #now

  /** @param {any} parts */
  constructor(parts) {
    const { system, store, guards, limits, publicUrl, allowedOrigins, identify, secret, sendMail, upstream, client, log, cost, now, random } = partsOf(parts)
    this.#system = system
    this.#store = new GuardedStore(store, limits.stepTime)
    this.#limits = limits
    this.#publicUrl = publicUrl
    this.#allowedOrigins = allowedOrigins
    this.#identify = identify
    this.#sendMail = sendMail
    this.#upstream = upstream
    this.#client = client
    this.#log = log
    this.#now = now
    const passwords = new Passwords(cost, now)
    this.#claim = claimFor(system)
    this.#runner = new Runner({ system, guards, store: this.#store, passwords, claim: this.#claim, secret: secretFor(secret, random), now, random, storeTime: limits.storeTime })
    // A system without a directory is said so now, not at the first request.
    this.#runner.fault('internal', '')
  }

  /**
   * Answers a request. Whatever goes wrong, there is a response, and it lets nobody in; what is not a request alone
   * is refused by a rejection. @type {import('../types/directory.js').Directory['fetch']}
   */
  fetch = async (request, context) => {
    const received = receivedOf(request)
    /** @type {Told} */
    const told = { started: undefined, outcome: undefined, failure: undefined }
    let response
    try {
      told.started = this.#now()
      response = withCors(received, await this.#answer(received, request, told), this.#allowedOrigins)
    } catch (failure) {
      told.failure = failure
      response = withCors(received, this.#failed(received, failure), this.#allowedOrigins)
    }
    const { status } = response
    const mails = told.outcome?.mails ?? []
    if (mails.length > 0) this.#afterwards(mails, context, (mails, failure) => this.#note(received, status, failure === undefined ? told : { ...told, failure }, mails))
    else this.#note(received, status, told, [])
    return response
  }

  /**
   * The order counts: pages of other sites are refused first, then the host says who asks, and then the body is read.
   * @param {Received} received @param {Request} request as the host gave it @param {Told} told
   * @returns {Promise<Response>}
   */
  async #answer(received, request, told) {
    const preflight = preflightOf(received, this.#allowedOrigins)
    if (preflight) return preflight
    if (isCrossSite(received, this.#allowedOrigins, this.#publicUrl)) throw new LatchworkError('cross_site', 'a page of another site sent the request: `allowedOrigins` can list its origin')
    const identity = await identityOf(received, this.#identify, this.#limits.identifyTime)
    const caller = { client: clientOf(request, this.#client), identity, publicUrl: this.#publicUrl }
    const body = new Body(received, { time: this.#limits.bodyTime, keeps: this.#upstream !== undefined })
    try {
      return await this.#settle(received, body, (bytes) => callOf(received, bytes, caller), told)
    } finally {
      body.cancel()
    }
  }

  /** @param {Received} received @param {Body} body @param {(bytes: Uint8Array | null) => (after: string | null) => string} callWith @param {Told} told */
  async #settle(received, body, callWith, told) {
    let bytes = await body.read(this.#limits.body)
    let call = callWith(bytes)
    if (bytes === null) {
      const size = this.#runner.bodySize(call(null))
      if (size === 'body' && !this.#upstream) throw tooLarge(this.#limits.body)
      // A larger body is read once its sender is known, if it is read here at all.
      told.outcome = await this.#runner.run(taskText(call(null)))
      if (told.outcome.body) {
        bytes = await body.read(this.#limits[size])
        if (bytes === null) throw tooLarge(this.#limits[size])
        call = callWith(bytes)
      }
    }
    if (bytes !== null) told.outcome = await this.#runner.run(taskText(call(null)))
    const { upstream, fault, response } = told.outcome
    if (upstream && this.#upstream) {
      const sent = bytes === null ? body.stream() : bytes.length > 0 ? body.sent() : null
      return this.#pass(passedOn(received, sent), told.outcome)
    }
    told.failure = failureOf(fault, this.#limits.body)
    return responseOf(received, response, (after) => this.#more(received, taskText(call(after)), told))
  }

  /** The present records, in the shape that `open` takes, without a secret. */
  records = async () => {
    await this.#claim(this.#store)
    return this.#runner.export(await everything(this.#store))
  }

  /** An authorizer over the present records: it does not follow later changes. */
  authorizer = async () => {
    const { open } = await lazy.models()
    return open(/** @type {any} */ (this.#system), await this.records())
  }

  /** Fills an empty store. @param {unknown} records */
  seed = async (records) => {
    const { text, problems } = toJson(records, RECORDS_TEXT_MAX)
    if (problems.length > 0) throw new LatchworkError('invalid_records', 'the records have problems', problems)
    const { response } = await this.#runner.run(`{"seed":${text}}`)
    if (response.status !== 204) throw refusal(response)
  }

  /** A secret with which the first records can be sent, once; null if the store has users. */
  bootstrap = async () => {
    const { response } = await this.#runner.run('{"bootstrap":true}')
    if (response.status === 200) return JSON.parse(response.text).secret
    const refused = refusal(response)
    if (refused.code === 'not_empty') return null
    throw refused
  }

  /** @param {Request} request @param {any} outcome @returns {Promise<Response>} */
  async #pass(request, outcome) {
    const { actor, noted } = outcome
    const response = await this.#upstream(request, { actor, ...noted.at(-1) })
    if (typeof response?.status === 'number' && typeof response.headers?.get === 'function') return response
    throw new LatchworkError('wrong_type', '`upstream` must answer with a `Response`')
  }

  /** The part of a list that follows. @param {Received} request @param {string} task @param {any} told */
  async #more(request, task, told) {
    try {
      const { response } = await this.#runner.run(task)
      if (response.status === 200) return response
      throw new LatchworkError('internal', 'the list was cut short: who reads it may no longer')
    } catch (failure) {
      // The status is out already; what is left is to end the stream, and to say why.
      this.#note(request, 200, { ...told, failure })
      throw failure
    }
  }

  /**
   * Logs a request and sends its mails, after its answer: how long that takes would tell whose address is known. A mail
   * to nobody stands for an unknown address, for the same work before the answer.
   * @param {any[]} mails @param {import('../types/directory.js').FetchContext | undefined} context @param {(mails: any[], failure?: unknown) => void} note
   */
  #afterwards(mails, context, note) {
    const sent = new Promise((resolve) => setTimeout(resolve, 0)).then(async () => {
      const due = mails.filter(({ to }) => to !== '')
      note(this.#sendMail ? [] : due)
      if (this.#sendMail) await Promise.all(due.map((mail) => this.#send(mail).catch((failure) => note([], failure))))
    })
    try {
      context?.waitUntil?.(sent)
    } catch (failure) {
      note([], failure)
    }
  }

  /** Sends a mail. What it tells of is committed. @param {any} mail */
  async #send(mail) {
    await within(this.#limits.mailTime, () => this.#sendMail(mail), () => new LatchworkError('internal', '`sendMail` did not come to an end'))
  }

  /** @param {Received} received @param {unknown} failure */
  #failed(received, failure) {
    const code = isTyped(failure) ? failure.code : ''
    try {
      const response = responseOf(received, this.#runner.fault(FAULTS.includes(code) ? code : 'internal', received.url.pathname).response, nothingMore)
      // A hasher that has too much to do says for how long.
      const { retryAfter } = /** @type {any} */ (failure ?? {})
      if (response.status === 503) response.headers.set('retry-after', String(Number.isSafeInteger(retryAfter) && retryAfter > 0 ? retryAfter : 1))
      return response
    } catch {
      return new Response(null, Object.assign(Object.create(null), { status: 500 }))
    }
  }

  /**
   * Tells the host what happened. Nothing of it is a secret but the mails, which nobody else sends.
   * @param {Received} received @param {number} status @param {Told} told @param {any[]} [mails]
   */
  #note({ method, url }, status, { started, outcome, failure }, mails = []) {
    if (!this.#log) return
    try {
      const event = {
        method,
        path: url.pathname,
        status,
        actor: outcome?.actor ?? null,
        decisions: outcome?.noted ?? [],
        milliseconds: this.#since(started),
        ...(mails.length > 0 ? { mails } : {}),
        ...(failure ? { failure } : {}),
      }
      // A log that fails must not change an answer that is out already, whether it fails now or later.
      Promise.resolve(this.#log(event)).catch(() => {})
    } catch {
      // As above.
    }
  }

  /** How long ago that was, as far as the host has a clock. @param {number | undefined} started */
  #since(started) {
    try {
      return started === undefined ? 0 : this.#now() - started
    } catch {
      return 0
    }
  }
}

/**
 * What there is to tell of what went wrong around a call. A product's own answer is no failure, whatever its status.
 * @param {string | null} fault @param {number} limit the largest ordinary body, in bytes
 */
function failureOf(fault, limit) {
  switch (fault) {
    case null:
    case 'not_found':
      return undefined
    case 'too_large':
      return tooLarge(limit)
    case 'unauthorized':
      return new LatchworkError('unauthorized', '`identify` returned the name of no active user')
    case 'bad_request':
      return new LatchworkError('bad_request', 'the request has a name that no store takes')
    default:
      return new LatchworkError(fault, 'an entry of the store cannot be read, or the core failed')
  }
}

async function nothingMore() {}

/** What the core said against something that the host itself asked for. @param {any} response */
function refusal({ text }) {
  const { error } = JSON.parse(text)
  // A fault has the form of the product's own errors, which has no code of ours.
  if (typeof error?.code !== 'string') return new LatchworkError('internal', 'the core failed, and nothing was changed')
  return new LatchworkError(error.code, error.message, Object.hasOwn(error, 'problems') ? error.problems : undefined)
}
