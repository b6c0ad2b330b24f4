// @ts-check
// A call case, run through the package's directory. docs/reference/case-files.md describes their form.

import { callersOf, expiryDelay, idOf, issuedToken, usersOf } from './case-credentials.mjs'
import { runQuestion } from './run-decision.mjs'
import { valuesAt, differs, isObject } from './compare.mjs'
import { answerDiffers, mailsDiffer, stateDiffers } from './call-expectations.mjs'
import { withDefaults } from './case-defaults.mjs'
import { parseSteps } from './call-steps.mjs'
import { publication, requestOf } from './case-request.mjs'

/**
 * A whole answer, read. `body` is the text itself where that is no JSON.
 * @typedef {{ status: number, text: string, body: any, cookies: string }} Answer
 */

/**
 * Runs a call with all its steps; what differs, one line each.
 * @param {any} latchwork the package, with `createDirectory` and `memoryStore` of its entries for the directory
 * @param {string} system
 * @param {any} testCase
 * @returns {Promise<string[]>}
 */
export async function runCall(latchwork, system, testCase) {
  if (!Object.hasOwn(callersOf, system)) throw new Error(`no product answers the calls of ${system}`)
  const run = new Run(latchwork, system, parseSteps(testCase))
  try {
    return await run.runScript()
  } finally {
    await run.store.close?.()
  }
}

class Run {
  /** @param {any} latchwork @param {string} system @param {ReturnType<typeof parseSteps>} script */
  constructor(latchwork, system, { records, steps, scene }) {
    this.latchwork = latchwork
    this.system = system
    this.callers = callersOf[system]
    this.steps = steps
    this.scene = scene
    this.seconds = 0
    this.expiries = 0
    this.mails = /** @type {any[]} */ ([])
    // What a directory does after an answer, such as sending mails.
    this.afterwards = /** @type {Promise<unknown>[]} */ ([])
    this.captured = new Map()
    this.passwords = new Map()
    // What the callers' side of the product gets to see of this run.
    this.issuedTokens = new Map()
    this.mark = `runner-${crypto.randomUUID()}`
    this.records = this.callers.seed(withDefaults(system, records), scene, this)
    this.store = latchwork.memoryStore()
    this.directory = latchwork.createDirectory({
      system,
      store: this.store,
      // What is tested are the rules: a hash of its full cost would take most of the time.
      cost: { memory: 64, passes: 1, parallelism: 1 },
      now: () => (this.seconds + expiryDelay(this.expiries)) * 1_000,
      sendMail: async (/** @type {any} */ mail) => void this.mails.push(mail),
    })
  }

  async runScript() {
    this.checkRecords()
    this.checkScript()
    await this.directory.seed(this.records)
    const { identities, secret } = this.callers
    for (const user of usersOf(this.callers, this.records.users)) this.learn(user[identities[0]], secret && user[secret])
    await this.callers.prepare?.(this, this.scene)
    const differences = []
    for (const step of this.steps) {
      try {
        differences.push(...(await this.step(step)).map((line) => `${step.label}: ${line}`))
      } catch (error) {
        return [...differences, `${step.label}: error: ${/** @type {Error} */ (error).message}`]
      }
    }
    return differences
  }

  /** Whether the directory takes records that it does not understand is not left to it. */
  checkRecords() {
    try {
      this.latchwork.open(this.system, this.records).dispose()
    } catch (error) {
      const { message, problems } = /** @type {any} */ (error)
      throw new Error(`\`given\` is refused: ${message} ${JSON.stringify(problems ?? [])}`)
    }
  }

  /** What only some products have a meaning for. */
  checkScript() {
    for (const { label, request, ...step } of this.steps) {
      const optional = ['passwd', 'encoding', 'expire_tokens_of'].filter((name) => ({ ...step, ...request })[name] !== undefined)
      const unknown = optional.filter((name) => !this.callers.knows?.includes(name))
      if (unknown.length > 0) throw new Error(`${label} has members that mean nothing in ${this.system}: ${unknown.join(', ')}`)
    }
  }

  /** @param {import('./call-steps.mjs').Step} step @returns {Promise<string[]>} */
  async step(step) {
    if (step.at !== undefined) this.seconds = step.at
    this.seconds += step.advance_seconds ?? 0
    if (step.expire_tokens_of !== undefined) this.expiries += 1
    if (step.ask) {
      const question = this.filled({ ask: step.ask, ...(step.http && { http: step.http }), expect: step.expect })
      return runQuestion(this.latchwork, this.system, await this.directory.records(), question)
    }
    if (!step.request) return []
    const mailsBefore = this.mails.length
    const answer = await this.request(this.filled(step.request))
    await Promise.all(this.afterwards.splice(0))
    const expect = this.filled(step.expect ?? {})
    const differences = [
      ...answerDiffers(this.callers, expect, answer),
      ...mailsDiffer(expect, this.mails.slice(mailsBefore)),
      ...this.capture(step.capture, answer),
    ]
    if (!expect.after) return differences
    const { login = [], ...state } = expect.after
    differences.push(...stateDiffers(this.callers, state, await this.directory.records()))
    for (const attempt of login) differences.push(...(await this.login(attempt)))
    return differences
  }

  /** @param {any} request @returns {Promise<Answer>} */
  async request({ as, method, path, query, authorization, passwd, encoding, ...rest }) {
    const headers = as === undefined || as === null ? {} : await this.callers.headers(this, as, passwd)
    if (authorization === null) delete headers.authorization
    else if (authorization !== undefined) headers.authorization = authorization
    const text = 'body' in rest ? JSON.stringify(rest.body) : (rest.rawBody ?? rest.raw_body)
    const answer = await this.fetch({ method, path, query, headers, body: encoding ? publication(text) : text })
    const { creation, secret } = this.callers
    const isMade = method === 'POST' && creation?.path.test(path.split('?')[0]) && answer.status < 300 && answer.body?.success !== false
    if (creation && secret && isMade) this.learn(rest.body?.[creation.user], rest.body?.[secret] ?? '')
    return { ...answer, body: this.callers.seen?.(this, answer.body) ?? answer.body }
  }

  /**
   * A request of the runner's own.
   * @param {{ method: string, path: string, body?: any, headers?: Record<string, string> }} request
   */
  send({ body, ...request }) {
    return this.fetch({ ...request, body: JSON.stringify(body) })
  }

  /**
   * @param {import('./case-request.mjs').Call} call
   * @returns {Promise<Answer>}
   */
  async fetch({ headers, ...call }) {
    const type = this.callers.type?.(call.path) ?? 'application/json'
    const typed = { ...(call.body !== undefined && { 'content-type': type }), ...headers }
    const waitUntil = (/** @type {Promise<unknown>} */ work) => void this.afterwards.push(work)
    const response = await this.directory.fetch(requestOf({ ...call, headers: typed }), { waitUntil })
    const text = await response.text()
    const cookies = response.headers.getSetCookie().map((/** @type {string} */ cookie) => cookie.split(';')[0])
    return { status: response.status, text, body: parsed(text), cookies: cookies.join('; ') }
  }

  /** @param {Record<string, string>} pointers @param {Answer} answer */
  capture(pointers, { body, text }) {
    return Object.entries(pointers).flatMap(([name, pointer]) => {
      const found = valuesAt(body, pointer)
      if (found.length === 0) return [`capture ${name}: nothing at ${pointer} of ${text}`]
      this.captured.set(name, found[0])
      return []
    })
  }

  /** @param {any} attempt */
  async login({ ok, ...attempt }) {
    const { identities, signsIn } = this.callers
    const names = identities.filter((name) => name in attempt)
    const password = attempt.password ?? attempt.passwd
    if (typeof ok !== 'boolean' || typeof password !== 'string' || names.length !== 1 || Object.keys(attempt).length !== 2) {
      throw new Error(`a login of \`after\` is not {${identities[0]}, password, ok}`)
    }
    const name = attempt[names[0]]
    return differs(`after/login of ${name}`, ok, await signsIn(this, name, password))
  }

  /** @param {string} name */
  password(name) {
    return this.passwords.get(this.fold(name))
  }

  /** @param {unknown} name @param {unknown} password */
  learn(name, password) {
    if (typeof name === 'string' && typeof password === 'string') this.passwords.set(this.fold(name), password)
  }

  /** @param {string} name */
  fold(name) {
    return this.callers.fold?.(name) ?? name
  }

  /** Puts what is known into a part of the case. @param {any} value @returns {any} */
  filled(value) {
    if (typeof value === 'string') return this.filledText(value)
    if (Array.isArray(value)) return value.map((item) => this.filled(item))
    if (!isObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [this.filledText(name), this.filled(member)]))
  }

  /** A text that is a placeholder alone becomes what was captured, whatever its type. @param {string} text */
  filledText(text) {
    const whole = /^\{\{([^{}]*)\}\}$/.exec(text)
    if (whole) return this.placeholderValue(whole[1])
    return text
      .replace(/\{\{([^{}]*)\}\}/g, (_placeholder, name) => String(this.placeholderValue(name)))
      .replace(/\{id:([^{}]+)\}/g, (placeholder, name) => (this.system === 'wso2' ? idOf(this, name) : placeholder))
  }

  /** The value for `{{…}}`. @param {string} name */
  placeholderValue(name) {
    const [kind, of] = [name.slice(0, 6), name.slice(6)]
    if (this.system === 'meuse' && kind === 'token:') return issuedToken(this, of)
    if (this.system === 'meuse' && kind === 'ident:') return issuedToken(this, of).slice(0, 24)
    const found = name.startsWith('mail.') ? this.mails.at(-1)?.[name.slice('mail.'.length)] : this.captured.get(name)
    if (found === undefined) throw new Error(`{{${name}}} has no value here`)
    return found
  }
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
