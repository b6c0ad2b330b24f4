// @ts-check
// What the core is told, as text: src/directory/transcript.rs reads it. It is put together from texts and numbers
// alone, so that nothing that somebody put on every object gets to be a part of it.

import { toBase64 } from './base64.mjs'

/** The end of a line that says that a password was not remembered: it may be, later. */
const FORGOTTEN = ',"forgotten"]'

/** What was supplied so far, each line as JSON text. */
export class Facts {
  /** Out of the store. @type {string[]} */
  entries = []
  /** @type {string[]} */
  pages = []
  /** Computed: true whatever happens to the store. @type {string[]} */
  checks = []
  /** @type {string[]} */
  hashes = []
  /** Attempts that were counted: they are not counted again. @type {string[]} */
  counted = []

  /** @param {string} key @param {import('../stores/store.js').Entry | null} entry */
  entry(key, entry) {
    this.entries.push(`[${quote(key)},${quote(entry && entry.value)},${entry && entry.version}]`)
  }

  /** @param {{ prefix: string, after: string | null, limit: number }} asked @param {readonly import('../stores/store.js').Entry[]} entries */
  page({ prefix, after, limit }, entries) {
    const lines = list(entries.map(({ key, value, version }) => `[${quote(key)},${quote(value)},${version}]`))
    this.pages.push(`{"prefix":${quote(prefix)},"after":${quote(after)},"limit":${limit},"entries":${lines}}`)
  }

  /** @param {{ password: string, stored: string | null }} asked @param {import('./passwords.mjs').Found} found */
  check({ password, stored }, found) {
    this.checks.push(`[${quote(password)},${quote(stored)},${quote(found)}]`)
  }

  /** @param {readonly string[]} passwords @param {readonly string[]} hashes */
  hashed(passwords, hashes) {
    this.hashes.push(`[${list(passwords.map(quote))},${list(hashes.map(quote))}]`)
  }

  /** @param {{ key: string, before: string | null, value: string | null }} line */
  count({ key, before, value }) {
    this.counted.push(`[${quote(key)},${quote(before)},${quote(value)}]`)
  }

  /** Something of the store has changed, and with it what is remembered of passwords. */
  forgetStore() {
    this.entries = []
    this.pages = []
    this.checks = this.checks.filter((check) => !check.endsWith(FORGOTTEN))
  }
}

/**
 * One run of a task.
 * @param {string} task as JSON
 * @param {string} world as `worldText` gives it
 * @param {Facts} facts
 */
export function runText(task, world, { entries, pages, checks, hashes, counted }) {
  return `{"task":${task},${world},"entries":${list(entries)},"pages":${list(pages)},"checks":${list(checks)},"hashes":${list(hashes)},"counted":${list(counted)}}`
}

/** @param {string} guards @param {number} now @param {Uint8Array} secret @param {Uint8Array} entropy */
export function worldText(guards, now, secret, entropy) {
  return `"guards":${quote(guards)},"now":${Math.trunc(now)},"secret":"${toBase64(secret)}","entropy":"${toBase64(entropy)}"`
}

/** @param {string} call as `callText` gives it */
export const taskText = (call) => `{"call":${call}}`

/** @param {string} call as `callText` gives it */
export const bodySizeText = (call) => `{"task":{"body_size":${call}}}`

/** @param {string} word @param {string} path that was asked for */
export const faultText = (word, path) => `{"task":{"fault":${quote(word)},"path":${quote(path)}}}`

/** @param {readonly import('../stores/store.js').Entry[]} entries all of a store */
export const exportText = (entries) => `{"task":{"export":${list(entries.map(({ key, value }) => `[${quote(key)},${quote(value)}]`))}}}`

/**
 * @param {{ method: string, path: string, query: string, secure: boolean, baseUrl: string, client: string, identity: string | null, headers: readonly (readonly string[])[], body: string | null }} call with the body in base64, null for one that is withheld
 * @param {string | null} after where a list goes on
 */
export function callText({ method, path, query, secure, baseUrl, client, identity, headers, body }, after) {
  const pairs = list(headers.map(([name, value]) => `[${quote(name)},${quote(value)}]`))
  return `{"method":${quote(method)},"path":${quote(path)},"query":${quote(query)},"secure":${secure},"base_url":${quote(baseUrl)},"client":${quote(client)},"identity":${quote(identity)},"headers":${pairs},"body":${body === null ? 'null' : `"${body}"`},"after":${quote(after)}}`
}

/** @param {string | null} text */
function quote(text) {
  // What is no text would be asked for its own way to be written.
  return text === null ? 'null' : JSON.stringify(String(text))
}

/** @param {readonly string[]} texts */
function list(texts) {
  return `[${texts.join()}]`
}
