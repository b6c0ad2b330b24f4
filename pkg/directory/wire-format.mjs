// @ts-check
// The wire format: serializes a task and the facts that the host loaded for the core, which parses it in
// src/directory/wire_format.rs. It is built from strings and numbers only, so that a polluted prototype cannot add to it.

import { toBase64 } from './base64.mjs'

/** The end of a check whose password was not remembered: it may be later. */
const FORGOTTEN = ',"forgotten"]'

/** What the host loaded so far for a task, each item as JSON text. */
export class Facts {
  /** Entries of the store. @type {string[]} */
  entries = []
  /** @type {string[]} */
  pages = []
  /** Verified passwords: these facts stay true when the store changes. @type {string[]} */
  checks = []
  /** @type {string[]} */
  hashes = []
  /** Attempts that are counted already, so that a further run does not count them again. @type {string[]} */
  counted = []

  /** @param {string} key @param {import('../stores/store.js').Entry | null} entry */
  addEntry(key, entry) {
    this.entries.push(`[${quote(key)},${quote(entry && entry.value)},${entry && entry.version}]`)
  }

  /** @param {{ prefix: string, after: string | null, limit: number }} request @param {readonly import('../stores/store.js').Entry[]} entries */
  addPage({ prefix, after, limit }, entries) {
    const lines = list(entries.map(({ key, value, version }) => `[${quote(key)},${quote(value)},${version}]`))
    this.pages.push(`{"prefix":${quote(prefix)},"after":${quote(after)},"limit":${limit},"entries":${lines}}`)
  }

  /** @param {{ password: string, stored: string | null }} request @param {import('./passwords.mjs').Verdict} verdict */
  addCheck({ password, stored }, verdict) {
    this.checks.push(`[${quote(password)},${quote(stored)},${quote(verdict)}]`)
  }

  /** @param {readonly string[]} passwords @param {readonly string[]} hashes */
  addHashes(passwords, hashes) {
    this.hashes.push(`[${list(passwords.map(quote))},${list(hashes.map(quote))}]`)
  }

  /** @param {{ key: string, before: string | null, value: string | null }} line */
  addCount({ key, before, value }) {
    this.counted.push(`[${quote(key)},${quote(before)},${quote(value)}]`)
  }

  /** Drops what may no longer be true after the store changed. */
  forgetStore() {
    this.entries = []
    this.pages = []
    this.checks = this.checks.filter((check) => !check.endsWith(FORGOTTEN))
  }
}

/**
 * Serializes one run of a task.
 * @param {string} task as JSON
 * @param {string} environment from `environmentText`
 * @param {Facts} facts
 */
export function runText(task, environment, { entries, pages, checks, hashes, counted }) {
  return `{"task":${task},${environment},"entries":${list(entries)},"pages":${list(pages)},"checks":${list(checks)},"hashes":${list(hashes)},"counted":${list(counted)}}`
}

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
 * @param {{ method: string, path: string, query: string, secure: boolean, baseUrl: string, client: string, identity: string | null, headers: readonly (readonly string[])[], body: string | null }} call with the body in base64, or null if it is not passed to the core
 * @param {string | null} after the key after which a list continues
 */
export function callText({ method, path, query, secure, baseUrl, client, identity, headers, body }, after) {
  const pairs = list(headers.map(([name, value]) => `[${quote(name)},${quote(value)}]`))
  return `{"method":${quote(method)},"path":${quote(path)},"query":${quote(query)},"secure":${secure},"base_url":${quote(baseUrl)},"client":${quote(client)},"identity":${quote(identity)},"headers":${pairs},"body":${body === null ? 'null' : `"${body}"`},"after":${quote(after)}}`
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
