// @ts-check
// What the sample of each model, tests/cases/<model>/sample.mjs, is made of.

/** @typedef {[action: string, resource: string, attributes?: unknown]} Asked */
/** Records, and a question that is asked about them. @typedef {{ records: any, user: string, action: string, resource: string }} Question */
/** @typedef {{ [what: string]: (records: any) => any }} Edits */

/**
 * A sample of a model. What is optional is left out if the model has no such thing.
 * @typedef {object} Sample
 * @property {Size} [size] the recorded size of the model's module, in bytes; without it, the module has to be within 34 KB
 * @property {any} records
 * @property {string} user a user in `records`
 * @property {Asked} allowed
 * @property {Asked} denied
 * @property {string} [role] a role with the answer to `allowed`, if roles can be subjects
 * @property {string[]} [reach] the resources for which the user has the action of `allowed`, if the model lists them
 * @property {any} [kind] a form of the model
 * @property {any} [value] a valid value of this form
 * @property {(name: string) => { records: any, asked: [string, string] }} named records in which a name is a user's, and is wherever else a name can be; the question that they allow this user
 * @property {Record<string, [why: string, records: any]>} [unseen] the problems that a JSON Schema cannot see: why, and records that have the problem and no other
 * @property {[what: string, make: (count: number) => Question, sizes?: number[]][]} growing what a user can write much of, and records with so much of it
 * @property {Digests} [digests] required, unless the words of the model are those of a document
 * @property {Slices} [slices]
 */

/** What a browser loads of a module, by brotli: the recorded bytes, and the target. @typedef {{ reached: number, wanted: number }} Size */

/**
 * What affects digests.
 * @typedef {object} Digests
 * @property {string} other another user in `records`
 * @property {string[]} [ordered] lists whose order decides
 * @property {Edits} secrets edits of `records` that change no digest
 * @property {Edits} changes edits of `records` that change the digests of the records and of the user
 * @property {(records: any) => any} ownRecords what a front end may know: the user's own record, and the roles or groups that it names
 */

/**
 * Slices of products' records.
 * @typedef {object} Slices
 * @property {number} [questions] how many questions of the case files are asked at least
 * @property {any} records with the user `ann`, whose password is `geheim`, and the user `ben`
 */

/** Members of every JavaScript object. */
export const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', '__defineGetter__']

/**
 * An object with one member of its own, whatever its name.
 * @param {string} name @param {unknown} value
 */
export const only = (name, value) => JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`)

/** A name that is short in characters, which a schema counts, and too long in bytes. */
export const LONG = 'é'.repeat(3000)
export const BYTES = 'a limit counts bytes of UTF-8'

/** Gives every user more members. @param {any} more @returns {(records: any) => any} */
export const changeEachUser = (more) => (records) => {
  for (const user of Object.values(records.users)) Object.assign(/** @type {any} */ (user), typeof more === 'function' ? more(user) : more)
  return records
}

export const list = (/** @type {number} */ length, /** @type {(index: number) => any} */ make) => Array.from({ length }, (_, index) => make(index))
export const object = (/** @type {number} */ length, /** @type {(index: number) => [string, any]} */ make) => Object.fromEntries(list(length, make))
export const deep = (/** @type {number} */ length) => list(length, (index) => `part${index}`).join('/')
