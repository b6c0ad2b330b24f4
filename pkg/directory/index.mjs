// @ts-check
// The directory: handles the documented requests of a product, with a store for its records.

import { isTyped, LatchworkError } from '../core/error.mjs'
import { RECORDS_TEXT_MAX, toJson } from '../core/json.mjs'
import * as lazy from '../entries/lazy.mjs'
import { Body, tooLargeError } from './body.mjs'
import { claimFor } from './claim.mjs'
import { identifyClient } from './client.mjs'
import { callSerializer, upstreamRequest, toResponse } from './http.mjs'
import { authenticateByHost } from './identify.mjs'
import { isCrossSite, preflightOf, withCors } from './origins.mjs'
import { parseOptions } from './options.mjs'
import { Passwords } from './passwords.mjs'
import { withTimeout } from './timeout.mjs'
import { parseRequest } from './request.mjs'
import { Runner } from './runner.mjs'
import { secretFor } from './secret.mjs'
import { GuardedStore } from './store.mjs'
import { taskText } from './wire-format.mjs'
import { readSnapshot } from './snapshot.mjs'

export { LatchworkError } from '../core/error.mjs'

/** The failures that have a response of their own; all others are answered as `internal`. */
const FAULTS = ['too_large', 'bad_request', 'unsupported_encoding', 'request_timeout', 'cross_site', 'unauthorized', 'record_too_large', 'conflict', 'store_unavailable', 'overloaded']

/** What is logged about a request. @typedef {{ started?: number, outcome?: any, failure?: unknown }} Progress */
/** @typedef {import('./request.mjs').Received} Received */

/** @param {any} options */
export function createDirectory(options) {
  return new Directory(options)
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

  /** @param {any} options */
  constructor(options) {
    const { system, store, guards, limits, publicUrl, allowedOrigins, identify, secret, sendMail, upstream, client, log, cost, now, random } = parseOptions(options)
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
    // A system without a directory fails here, not at the first request.
    this.#runner.fault('internal', '')
  }

  /**
   * Handles a request. Any failure results in an error response, which grants no access. The promise rejects only if the
   * argument is not a `Request`. @type {import('../types/directory.js').Directory['fetch']}
   */
  fetch = async (request, context) => {
    const received = parseRequest(request)
    /** @type {Progress} */
    const progress = { started: undefined, outcome: undefined, failure: undefined }
    let response
    try {
      progress.started = this.#now()
      response = withCors(received, await this.#handleRequest(received, request, progress), this.#allowedOrigins)
    } catch (failure) {
      progress.failure = failure
      response = withCors(received, this.#faultResponse(received, failure), this.#allowedOrigins)
    }
    const { status } = response
    const mails = progress.outcome?.mails ?? []
    if (mails.length > 0) this.#sendMailsLater(mails, context, (mails, failure) => this.#logRequest(received, status, failure === undefined ? progress : { ...progress, failure }, mails))
    else this.#logRequest(received, status, progress, [])
    return response
  }

  /**
   * The order matters: cross-site requests are refused first, then the host authenticates the caller, then the body is read.
   * @param {Received} received @param {Request} request as the host gave it @param {Progress} progress
   * @returns {Promise<Response>}
   */
  async #handleRequest(received, request, progress) {
    const preflight = preflightOf(received, this.#allowedOrigins)
    if (preflight) return preflight
    if (isCrossSite(received, this.#allowedOrigins, this.#publicUrl)) throw new LatchworkError('cross_site', 'a page of another site sent the request: `allowedOrigins` can list its origin')
    const identity = await authenticateByHost(received, this.#identify, this.#limits.identifyTime)
    const caller = { client: identifyClient(request, this.#client), identity, publicUrl: this.#publicUrl, hasUpstream: this.#upstream !== undefined }
    const body = new Body(received, { time: this.#limits.bodyTime, keeps: this.#upstream !== undefined })
    try {
      return await this.#executeRequest(received, body, (bytes) => callSerializer(received, bytes, caller), progress)
    } finally {
      body.cancel()
    }
  }

  /** @param {Received} received @param {Body} body @param {(bytes: Uint8Array | null) => (after: string | null) => string} serializeCall @param {Progress} progress */
  async #executeRequest(received, body, serializeCall, progress) {
    let bytes = await body.readBytes(this.#limits.body)
    let serialize = serializeCall(bytes)
    if (bytes === null) {
      const size = this.#runner.bodySize(serialize(null))
      if (size === 'body' && !this.#upstream) throw tooLargeError(this.#limits.body)
      // A larger body is read after authentication, and only if the directory handles the request.
      progress.outcome = await this.#runner.run(taskText(serialize(null)))
      if (progress.outcome.body) {
        bytes = await body.readBytes(this.#limits[size])
        if (bytes === null) throw tooLargeError(this.#limits[size])
        serialize = serializeCall(bytes)
      }
    }
    if (bytes !== null) progress.outcome = await this.#runner.run(taskText(serialize(null)))
    const { upstream, fault, response } = progress.outcome
    if (upstream && this.#upstream) {
      const sent = bytes === null ? body.stream() : bytes.length > 0 ? body.sent() : null
      return this.#forwardUpstream(upstreamRequest(received, sent), progress.outcome)
    }
    progress.failure = faultError(fault, this.#limits.body)
    return toResponse(received, response, (after) => this.#loadNextPart(received, taskText(serialize(after)), progress))
  }

  /** The current records, in the form that `open` accepts, without secrets. */
  records = async () => {
    await this.#claim(this.#store)
    return this.#runner.export(await readSnapshot(this.#store))
  }

  /** An authorizer for the current records; later changes do not affect it. */
  authorizer = async () => {
    const { open } = await lazy.models()
    return open(/** @type {any} */ (this.#system), await this.records())
  }

  /** Fills an empty store. @param {unknown} records */
  seed = async (records) => {
    const { text, problems } = toJson(records, RECORDS_TEXT_MAX)
    if (problems.length > 0) throw new LatchworkError('invalid_records', 'the records have problems', problems)
    const { response } = await this.#runner.run(`{"seed":${text}}`)
    if (response.status !== 204) throw rejectionError(response)
  }

  /** A one-time secret for the request that imports the first records; null if the store has users. */
  bootstrap = async () => {
    const { response } = await this.#runner.run('{"bootstrap":true}')
    if (response.status === 200) return JSON.parse(response.text).secret
    const refused = rejectionError(response)
    if (refused.code === 'not_empty') return null
    throw refused
  }

  /** @param {Request} request @param {any} outcome @returns {Promise<Response>} */
  async #forwardUpstream(request, outcome) {
    const { actor, noted } = outcome
    const response = await this.#upstream(request, { actor, ...noted.at(-1) })
    if (typeof response?.status !== 'number' || typeof response.headers?.get !== 'function') throw new LatchworkError('wrong_type', '`upstream` must return a `Response`')
    // No client can receive a body that was read already, or that another reader holds.
    if (response.bodyUsed === true || response.body?.locked === true) throw new LatchworkError('wrong_type', '`upstream` must return a `Response` whose body was not read: read a `clone()` of it instead')
    return response
  }

  /** Loads the next part of a list. @param {Received} request @param {string} task @param {any} progress */
  async #loadNextPart(request, task, progress) {
    try {
      const { response } = await this.#runner.run(task)
      if (response.status === 200) return response
      throw new LatchworkError('internal', 'the list was cut short: the caller lost access while it was read')
    } catch (failure) {
      // The status is sent already, so the stream ends with the error, which is logged.
      this.#logRequest(request, 200, { ...progress, failure })
      throw failure
    }
  }

  /**
   * Logs a request and sends its mails after the response. Sending them before would show by its duration whether the
   * address exists. For an unknown address the core returns a mail without a recipient, so that the work is the same.
   * @param {any[]} mails @param {import('../types/directory.js').FetchContext | undefined} context @param {(mails: any[], failure?: unknown) => void} logRequest
   */
  #sendMailsLater(mails, context, logRequest) {
    const sent = new Promise((resolve) => setTimeout(resolve, 0)).then(async () => {
      const due = mails.filter(({ to }) => to !== '')
      logRequest(this.#sendMail ? [] : due)
      if (this.#sendMail) await Promise.all(due.map((mail) => this.#sendMailInTime(mail).catch((failure) => logRequest([], failure))))
    })
    try {
      context?.waitUntil?.(sent)
    } catch (failure) {
      logRequest([], failure)
    }
  }

  /** Sends a mail; its changes are committed already. @param {any} mail */
  async #sendMailInTime(mail) {
    await withTimeout(this.#limits.mailTime, () => this.#sendMail(mail), () => new LatchworkError('internal', `\`sendMail\` did not finish within ${this.#limits.mailTime} ms`))
  }

  /** @param {Received} received @param {unknown} failure */
  #faultResponse(received, failure) {
    const code = isTyped(failure) ? failure.code : ''
    try {
      const response = toResponse(received, this.#runner.fault(FAULTS.includes(code) ? code : 'internal', received.url.pathname).response, noNextPart)
      // An overloaded hasher may set the time to wait.
      const { retryAfter } = /** @type {any} */ (failure ?? {})
      if (response.status === 503) response.headers.set('retry-after', String(Number.isSafeInteger(retryAfter) && retryAfter > 0 ? retryAfter : 1))
      return response
    } catch {
      return new Response(null, Object.assign(Object.create(null), { status: 500 }))
    }
  }

  /**
   * Calls the host's `log`. The event contains no secrets, except the mails if the host has no `sendMail`.
   * @param {Received} received @param {number} status @param {Progress} progress @param {any[]} [mails]
   */
  #logRequest({ method, url }, status, { started, outcome, failure }, mails = []) {
    if (!this.#log) return
    try {
      const event = {
        method,
        path: url.pathname,
        status,
        actor: outcome?.actor ?? null,
        decisions: outcome?.noted ?? [],
        milliseconds: this.#elapsed(started),
        ...(mails.length > 0 ? { mails } : {}),
        ...(failure ? { failure } : {}),
      }
      // A failing `log`, synchronous or not, must not change the response.
      Promise.resolve(this.#log(event)).catch(() => {})
    } catch {
      // As above.
    }
  }

  /** Milliseconds since that time; 0 if the host's clock fails. @param {number | undefined} started */
  #elapsed(started) {
    try {
      return started === undefined ? 0 : this.#now() - started
    } catch {
      return 0
    }
  }
}

/**
 * The error to log for a fault around a call. A product's own error response is not a fault.
 * @param {string | null} fault @param {number} limit the largest ordinary body, in bytes
 */
function faultError(fault, limit) {
  switch (fault) {
    case null:
    case 'not_found':
      return undefined
    case 'too_large':
      return tooLargeError(limit)
    case 'unauthorized':
      return new LatchworkError('unauthorized', '`identify` returned the name of no active user')
    case 'bad_request':
      return new LatchworkError('bad_request', 'the request has a name that no store accepts')
    default:
      return new LatchworkError(fault, 'an entry of the store is not valid, or the core failed')
  }
}

async function noNextPart() {}

/** Converts the core's rejection of a host's own call (`seed`, `bootstrap`) to an error. @param {any} response */
function rejectionError({ text }) {
  const { error } = JSON.parse(text)
  // A fault has the form of the product's errors, without a code of this package.
  if (typeof error?.code !== 'string') return new LatchworkError('internal', 'the core failed, and nothing was changed')
  return new LatchworkError(error.code, error.message, Object.hasOwn(error, 'problems') ? error.problems : undefined)
}
