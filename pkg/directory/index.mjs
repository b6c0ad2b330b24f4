// @ts-check
// The directory: the documented requests of a product, over a store.

import { LatchworkError } from '../lib/error.mjs'
import { RECORDS_MAX, toJson } from '../lib/json.mjs'
import { bodyOf } from './body.mjs'
import { claimFor } from './claim.mjs'
import { clientOf } from './client.mjs'
import { passedOn, responseOf, taskOf } from './http.mjs'
import { modules } from './modules.mjs'
import { partsOf } from './parts.mjs'
import { Passwords } from './passwords.mjs'
import { within } from './patience.mjs'
import { Runner } from './run.mjs'
import { secretFor } from './secret.mjs'
import { GuardedStore } from './store.mjs'
import { everything } from './whole.mjs'

export { LatchworkError } from '../lib/error.mjs'

/** How long the host may take to send a mail, in milliseconds. */
const MAIL_PATIENCE = 10_000

/** The failures that have an answer of their own; all others are `internal`. */
const FAULTS = ['too_large', 'bad_request', 'request_timeout', 'record_too_large', 'conflict', 'store_unavailable']

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
  #log
  #now

  /** @param {any} parts */
  constructor(parts) {
    const { system, store, guards, secret, sendMail, upstream, client, log, cost, now, random } = partsOf(parts)
    this.#system = system
    this.#store = new GuardedStore(store)
    this.#sendMail = sendMail
    this.#upstream = upstream
    this.#client = client
    this.#log = log
    this.#now = now
    const passwords = new Passwords(cost, now)
    this.#claim = claimFor(system)
    this.#runner = new Runner({ system, guards, store: this.#store, passwords, claim: this.#claim, secret: secretFor(secret, random), now, random })
    // A system without a directory is said so now, not at the first request.
    this.#runner.fault('internal', '')
  }

  /** Answers a request. Whatever goes wrong, there is a response, and it lets nobody in. @type {import('../directory.js').Directory['fetch']} */
  fetch = async (request, context) => {
    /** What there is to tell of it. @type {{ started?: number, outcome?: any, failure?: unknown }} */
    const told = { started: undefined, outcome: undefined, failure: undefined }
    let response
    try {
      told.started = this.#now()
      const body = await bodyOf(request)
      const task = taskOf(request, body, clientOf(request, this.#client))
      const outcome = await this.#runner.run(task(null))
      told.outcome = outcome
      if (outcome.upstream && this.#upstream) {
        response = await this.#pass(passedOn(request, body), outcome)
      } else {
        if (outcome.response.status >= 500) told.failure = new LatchworkError('internal', 'an entry of the store can not be read, or the core failed')
        response = responseOf(request, outcome.response, (after) => this.#more(request, task(after), told))
      }
    } catch (failure) {
      told.failure = failure
      response = this.#failed(request, failure)
    }
    const { status } = response
    const mails = told.outcome?.mails ?? []
    this.#note(request, status, told, this.#sendMail ? [] : mails)
    if (this.#sendMail) this.#send(mails, context, (failure) => this.#note(request, status, { ...told, failure }))
    return response
  }

  /** The present records, in the shape that `open` takes, without a secret. */
  async records() {
    await this.#claim(this.#store)
    return this.#runner.export(await everything(this.#store))
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
    if (response.status === 200) return JSON.parse(response.text).secret
    const refused = refusal(response)
    if (refused.code === 'not_empty') return null
    throw refused
  }

  /** @param {Request} request @param {any} outcome */
  async #pass(request, outcome) {
    const { actor, noted } = outcome
    const response = await this.#upstream(request, { actor, ...noted.at(-1) })
    if (typeof response?.status === 'number') return response
    throw new LatchworkError('wrong_type', '`upstream` must answer with a `Response`')
  }

  /** The part of a list that follows. @param {Request} request @param {string} task @param {any} told */
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
   * Starts mails. What they tell of is committed, and the answer does not wait for them: how long it takes would
   * tell whose address is known.
   * @param {any[]} mails @param {import('../directory.js').FetchContext | undefined} context @param {(failure: unknown) => void} note
   */
  #send(mails, context, note) {
    const send = async (/** @type {any} */ mail) => within(MAIL_PATIENCE, () => this.#sendMail(mail), () => new LatchworkError('internal', '`sendMail` did not come to an end'))
    const sent = mails.map((mail) => send(mail).catch(note))
    try {
      if (sent.length > 0) context?.waitUntil?.(Promise.all(sent))
    } catch (failure) {
      note(failure)
    }
  }

  /** @param {Request} request @param {unknown} failure */
  #failed(request, failure) {
    const code = failure instanceof LatchworkError ? failure.code : ''
    try {
      return responseOf(request, this.#runner.fault(FAULTS.includes(code) ? code : 'internal', pathOf(request)).response, nothingMore)
    } catch {
      return new Response(null, Object.assign(Object.create(null), { status: 500 }))
    }
  }

  /**
   * Tells the host what happened. Nothing of it is a secret but the mails, which nobody else sends.
   * @param {Request} request @param {number} status @param {any} told @param {any[]} [mails]
   */
  #note(request, status, { started, outcome, failure }, mails = []) {
    if (!this.#log) return
    try {
      const event = {
        method: request.method,
        path: new URL(request.url).pathname,
        status,
        actor: outcome?.actor ?? null,
        decisions: outcome?.noted ?? [],
        milliseconds: this.#now() - started,
        ...(mails.length > 0 ? { mails } : {}),
        ...(failure ? { failure } : {}),
      }
      // A log that fails must not change an answer that is out already, whether it fails now or later.
      Promise.resolve(this.#log(event)).catch(() => {})
    } catch {
      // As above.
    }
  }
}

async function nothingMore() {}

/** The path of a request, as far as it has one. @param {Request} request */
function pathOf(request) {
  try {
    return new URL(request.url).pathname
  } catch {
    return ''
  }
}

/** What the core said against something that the host itself asked for. @param {any} response */
function refusal({ text }) {
  const { error } = JSON.parse(text)
  // A fault has the form of the product's own errors, which has no code of ours.
  if (typeof error?.code !== 'string') return new LatchworkError('internal', 'the core failed, and nothing was changed')
  return new LatchworkError(error.code, error.message, Object.hasOwn(error, 'problems') ? error.problems : undefined)
}
