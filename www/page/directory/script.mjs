// @ts-check
// A documented request with what its document leaves out: the credentials of the caller, and values of earlier responses.

import { answerDiffers } from '../../../tests/js/support/call-expectations.mjs'
import { callersOf, expiryDelay, idOf, issuedToken, usersOf } from '../../../tests/js/support/case-credentials.mjs'
import { valuesAt } from '../../../tests/js/support/compare.mjs'
import { withDefaults } from '../../../tests/js/support/case-defaults.mjs'
import { parseSteps } from '../../../tests/js/support/call-steps.mjs'

/** @typedef {import('../../directory.mjs').ReceivedResponse} ReceivedResponse */
/** @typedef {import('../../directory.mjs').SentRequest} SentRequest */
/** @typedef {import('../../../tests/js/support/call-steps.mjs').Step} Step */

/** Begins the names of the tokens that the page makes for callers. */
const MARK = 'console'

export class Script {
  #system
  #callers
  #scene
  /** @type {Map<string, string>} */
  #passwords = new Map()
  /** @type {Map<string, unknown>} */
  #captured = new Map()
  #seconds = 0
  #expiries = 0
  /** Sends a request to the directory in the page. @type {(request: SentRequest) => Promise<ReceivedResponse>} */
  #send = () => Promise.reject(new Error('the directories are not open'))
  /** Tokens and cookies of callers. @type {Map<string, string>} */
  issuedTokens = new Map()
  mark = MARK

  /** @param {string} system @param {any} testCase */
  constructor(system, testCase) {
    const { records, steps, scene } = parseSteps(testCase)
    this.#system = system
    this.#callers = callersOf[system]
    this.#scene = scene
    this.steps = steps.filter(({ request, expire_tokens_of, advance_seconds, at }) => request ?? expire_tokens_of ?? advance_seconds ?? at)
    this.records = this.#callers.seed(withDefaults(system, records), scene, this)
    const { identities, secret } = this.#callers
    for (const user of usersOf(this.#callers, this.records.users)) this.#learn(user[identities[0]], secret && user[secret])
  }

  /** Signs callers in, as far as that precedes the first request. @param {(request: SentRequest) => Promise<ReceivedResponse>} send */
  async prepare(send) {
    this.#send = send
    await this.#callers.prepare?.(this, this.#scene)
  }

  /** The request of a step, with credentials. @param {Step} step @returns {Promise<SentRequest>} */
  async requestOf({ request }) {
    const { as, method, path, query, authorization, passwd, encoding: _encoding, ...rest } = this.#filled(request)
    const headers = as === undefined || as === null ? {} : { ...(await this.#callers.headers(this, as, passwd)) }
    if (authorization === null) delete headers.authorization
    else if (authorization !== undefined) headers.authorization = authorization
    const body = 'body' in rest ? JSON.stringify(rest.body, null, 2) : (rest.rawBody ?? rest.raw_body)
    if (body !== undefined) headers['content-type'] ??= this.#callers.type?.(path) ?? 'application/json'
    return { method, path: withQuery(path, query), headers: Object.entries(headers), ...(body !== undefined && { body }) }
  }

  /** How far the clock moves before a step. @param {Step} step */
  secondsBefore({ at = this.#seconds, advance_seconds = 0, expire_tokens_of }) {
    const before = this.#seconds + expiryDelay(this.#expiries)
    this.#seconds = at + advance_seconds
    if (expire_tokens_of !== undefined) this.#expiries += 1
    return this.#seconds + expiryDelay(this.#expiries) - before
  }

  /**
   * Keeps what later steps need of a response. Returns how the response differs from the documented one.
   * @param {Step} step @param {SentRequest} request @param {ReceivedResponse} response
   */
  receive({ expect = {}, capture }, { method, path, body: sent }, { status, body: text, mails }) {
    const body = parsed(text)
    const { creation, secret } = this.#callers
    if (creation && secret && method === 'POST' && creation.path.test(path.split('?')[0]) && status < 300) {
      const user = parsed(sent ?? '')
      this.#learn(user?.[creation.user], user?.[secret] ?? '')
    }
    for (const [name, pointer] of Object.entries(capture)) for (const value of valuesAt(body, pointer)) this.#captured.set(name, value)
    for (const [name, value] of Object.entries(mails.at(-1) ?? {})) this.#captured.set(`mail.${name}`, value)
    const seen = this.#callers.seen?.(this, body) ?? body
    return answerDiffers(this.#callers, this.#filled(expect), { status, text, body: seen, cookies: '' })
  }

  /** @param {string} name */
  password(name) {
    return this.#passwords.get(this.#fold(name))
  }

  /** A request that signs a caller in. @param {{ method: string, path: string, body?: any, headers?: Record<string, string> }} request */
  async send({ body, headers = {}, ...request }) {
    const typed = { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers }
    const response = await this.#send({ ...request, headers: Object.entries(typed), ...(body !== undefined && { body: JSON.stringify(body) }) })
    const cookies = response.headers.filter(([name]) => name === 'set-cookie').map(([, cookie]) => cookie.split(';')[0])
    return { status: response.status, text: response.body, body: parsed(response.body), cookies: cookies.join('; ') }
  }

  /** @param {unknown} name @param {unknown} password */
  #learn(name, password) {
    if (typeof name === 'string' && typeof password === 'string') this.#passwords.set(this.#fold(name), password)
  }

  /** @param {string} name */
  #fold(name) {
    return this.#callers.fold?.(name) ?? name
  }

  /** Replaces placeholders. @param {any} value @returns {any} */
  #filled(value) {
    if (typeof value === 'string') return this.#filledText(value)
    if (Array.isArray(value)) return value.map((item) => this.#filled(item))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [this.#filledText(name), this.#filled(member)]))
  }

  /** A text that is only a placeholder becomes the value, whatever its type. @param {string} text */
  #filledText(text) {
    const only = /^\{\{([^{}]*)\}\}$/.exec(text)
    if (only) return this.#valueOf(only[1])
    return text
      .replace(/\{\{([^{}]*)\}\}/g, (_placeholder, name) => String(this.#valueOf(name)))
      .replace(/\{id:([^{}]+)\}/g, (placeholder, name) => (this.#system === 'wso2' ? idOf(this, name) : placeholder))
  }

  /** @param {string} name */
  #valueOf(name) {
    if (this.#system === 'meuse' && name.startsWith('token:')) return issuedToken(this, name.slice(6))
    if (this.#system === 'meuse' && name.startsWith('ident:')) return issuedToken(this, name.slice(6)).slice(0, 24)
    return this.#captured.get(name)
  }
}

/** @param {string} path @param {any} query */
function withQuery(path, query) {
  if (query === undefined || query === null) return path
  const pairs = typeof query === 'string' || Array.isArray(query) ? query : Object.entries(query).flatMap(([name, value]) => [value].flat().map((item) => [name, String(item)]))
  return `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams(pairs)}`
}

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
