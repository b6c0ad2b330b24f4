// @ts-check
// The wire format: serializes a task and the facts that the host loaded for the core, which parses it in
// src/directory/wire_format/. It is built from strings and numbers only, so that a polluted prototype cannot add to it.

import { isWellFormed } from '../core/argument.mjs'
import { toBase64 } from './base64.mjs'

/** The end of a check whose password was not remembered: it may be later. */
const FORGOTTEN = ',"forgotten"]'

/** The end of JSON text; equals `SEPARATOR` of the core. */
export const SEPARATOR = '\0'

/** A fact as JSON text, and the values of its entries. @typedef {{ text: string, values: readonly string[] }} Fact */

/** What the host loaded so far for a task. */
export class Facts {
  /** Entries of the store. @type {Fact[]} */
  #entries = []
  /** @type {Fact[]} */
  #pages = []
  /** Verified passwords: these facts stay true when the store changes. @type {Fact[]} */
  #checks = []
  /** @type {Fact[]} */
  #hashes = []
  /** Attempts that are counted already, so that a further run does not count them again. @type {Fact[]} */
  #counted = []
  /** How many facts of each list the core has. @type {number[]} */
  #sent = []
  /** Whether the core has facts that are forgotten here. */
  hasForgotten = false

  /** @param {string} key @param {import('../stores/store.js').Entry | null} entry */
  addEntry(key, entry) {
    this.#entries.push({ text: `[${quote(key)},${entry && entry.version}]`, values: entry ? [valueText(entry)] : [] })
  }

  /** @param {{ prefix: string, after: string | null, limit: number }} request @param {readonly import('../stores/store.js').Entry[]} entries */
  addPage({ prefix, after, limit }, entries) {
    const lines = list(entries.map(({ key, version }) => `[${quote(key)},${version}]`))
    const text = `{"prefix":${quote(prefix)},"after":${quote(after)},"limit":${limit},"entries":${lines}}`
    this.#pages.push({ text, values: entries.map(valueText) })
  }

  /** @param {{ password: string, stored: string | null }} request @param {import('./passwords.mjs').Verdict} verdict */
  addCheck({ password, stored }, verdict) {
    this.#checks.push({ text: `[${quote(password)},${quote(stored)},${quote(verdict)}]`, values: [] })
  }

  /** @param {readonly string[]} passwords @param {readonly string[]} hashes */
  addHashes(passwords, hashes) {
    this.#hashes.push({ text: `[${list(passwords.map(quote))},${list(hashes.map(quote))}]`, values: [] })
  }

  /** @param {{ key: string, before: string | null, value: string | null }} line */
  addCount({ key, before, value }) {
    this.#counted.push({ text: `[${quote(key)},${quote(before)},${quote(value)}]`, values: [] })
  }

  /** Drops what may no longer be true after the store changed. */
  forgetStore() {
    this.#entries = []
    this.#pages = []
    this.#checks = this.#checks.filter(({ text }) => !text.endsWith(FORGOTTEN))
    this.hasForgotten = true
  }

  /** Called when the core has all facts. */
  markSent() {
    this.#sent = this.#lists().map(({ length }) => length)
    this.hasForgotten = false
  }

  /** All facts, or only those that the core does not have: members of JSON, and the values after it. @param {boolean} isWhole */
  toText(isWhole) {
    const [entries, pages, checks, hashes, counted] = this.#lists().map((facts, index) => (isWhole ? facts : facts.slice(this.#sent[index])))
    const texts = (/** @type {Fact[]} */ facts) => list(facts.map(({ text }) => text))
    const values = [...entries, ...pages].flatMap(({ values }) => values.map((value) => SEPARATOR + value))
    return { members: `"entries":${texts(entries)},"pages":${texts(pages)},"checks":${texts(checks)},"hashes":${texts(hashes)},"counted":${texts(counted)}`, values: values.join('') }
  }

  #lists() {
    return [this.#entries, this.#pages, this.#checks, this.#hashes, this.#counted]
  }
}

/**
 * Serializes a run with all its facts.
 * @param {number} run the number of the run
 * @param {string} task as JSON
 * @param {string} environment from `environmentText`
 * @param {Facts} facts
 */
export function startText(run, task, environment, facts) {
  const { members, values } = facts.toText(true)
  return `{"run":${run},"task":${task},${environment},${members}}${values}`
}

/** Serializes the facts of a run that the core does not have. @param {number} run @param {Facts} facts */
export function continueText(run, facts) {
  const { members, values } = facts.toText(false)
  return `{"continue":${run},${members}}${values}`
}

/** @param {number} run */
export const forgetText = (run) => `{"forget":${run}}`

/** @param {string} guards @param {number} now @param {Uint8Array} secret @param {Uint8Array} entropy */
export function environmentText(guards, now, secret, entropy) {
  return `"guards":${quote(guards)},"now":${Math.trunc(now)},"secret":"${toBase64(secret)}","entropy":"${toBase64(entropy)}"`
}

/** @param {string} call from `callText` */
export const taskText = (call) => `{"call":${call}}`

/** @param {string} call from `callText` */
export const bodySizeText = (call) => `{"task":{"body_size":${call}}}`

/** @param {string} word @param {string} path of the request */
export const faultText = (word, path) => `{"task":{"fault":${quote(word)},"path":${quote(path)}}}`

/** @param {readonly import('../stores/store.js').Entry[]} entries all of a store */
export const exportText = (entries) => `{"task":{"export":${list(entries.map(({ key, value }) => `[${quote(key)},${quote(value)}]`))}}}`

/**
 * @param {{ method: string, path: string, query: string, secure: boolean, baseUrl: string, client: string, identity: string | null, headers: readonly (readonly string[])[], body: string | null, hasUpstream: boolean }} call with the body in base64, or null if it is not passed to the core
 * @param {string | null} after the key after which a list continues
 */
export function callText({ method, path, query, secure, baseUrl, client, identity, headers, body, hasUpstream }, after) {
  const pairs = list(headers.map(([name, value]) => `[${quote(name)},${quote(value)}]`))
  return `{"method":${quote(method)},"path":${quote(path)},"query":${quote(query)},"secure":${secure},"base_url":${quote(baseUrl)},"client":${quote(client)},"identity":${quote(identity)},"headers":${pairs},"body":${body === null ? 'null' : `"${body}"`},"upstream":${hasUpstream},"after":${quote(after)}}`
}

/**
 * The value of an entry, which is JSON text if the directory wrote it. Other text is malformed for the core; a lone surrogate
 * would be replaced on the way there.
 * @param {import('../stores/store.js').Entry} entry
 */
function valueText({ value }) {
  return isWellFormed(value) ? value : ''
}

/** @param {string | null} text */
function quote(text) {
  // A value of another type could have a `toJSON` method.
  return text === null ? 'null' : JSON.stringify(String(text))
}

/** @param {readonly string[]} texts */
function list(texts) {
  return `[${texts.join()}]`
}
