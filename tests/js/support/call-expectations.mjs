// @ts-check
// Checks the expectations of a step of a call case: the response, the mails, and the records afterwards.

import { userOf, usersOf } from './case-credentials.mjs'
import { valuesAt, difference, differs, isObject, textsOf, unlike } from './compare.mjs'

/** Records are sets, and what is not set may be left out of them. */
const STATE = { subset: false, anyOrder: true, nullIsAbsent: true }

/**
 * @param {import('./case-credentials.mjs').Callers} callers
 * @param {any} expect
 * @param {import('./run-call.mjs').Answer} answer
 * @returns {string[]}
 */
export function answerDiffers({ rule }, expect, { status, text, body }) {
  /** @type {Record<string, (expected: any) => string[]>} */
  const checks = {
    status: (expected) => differs('status', expected, status),
    body: (expected) => unlike('body', expected, body, rule),
    body_contains: (expected) => unlike('body', expected, body, { ...rule, subset: true }),
    body_unordered: (expected) => unlike('body', expected, body, { ...rule, anyOrder: true }),
    errorNum: (expected) => differs('errorNum', expected, body?.errorNum),
    message: (expected) => (matchesMessage(rule, expected, [text, ...textsOf(body)]) ? [] : [difference('message', expected, text)]),
    body_has: (places) => absences(body, places),
    body_lacks: (places) => presences(body, places),
    body_absent: (places) => presences(body, places),
    detail_endswith: (expected) => {
      const detail = body?.errors?.[0]?.detail
      return String(detail).endsWith(expected) ? [] : [difference('the end of errors/0/detail', expected, detail)]
    },
  }
  return Object.entries(checks).flatMap(([name, check]) => (name in expect ? check(expect[name]) : []))
}

/** @param {any} expect @param {any[]} sent */
export function mailsDiffer(expect, sent) {
  return 'mail' in expect ? unlike('mail', expect.mail, sent, { subset: true, anyOrder: true }) : []
}

/**
 * @param {import('./case-credentials.mjs').Callers} callers
 * @param {any} expected
 * @param {any} records
 * @returns {string[]}
 */
export function stateDiffers(callers, { users = [], absent = [], owners = [], ...others }, records) {
  return [
    ...usersOf(callers, users).flatMap((user) => userDiffers(callers, user, records)),
    ...absent.filter((/** @type {string} */ name) => userOf(callers, records, name)).map((/** @type {string} */ name) => `after: expected no user ${name}, got one`),
    ...ownersOf(owners).flatMap(([crate, names]) => crateDiffers(crate, names, records)),
    ...Object.entries(others).flatMap(([name, value]) => memberDiffers(name, value, records)),
  ]
}

/**
 * The members that are listed have these values; others may have any.
 * @param {import('./case-credentials.mjs').Callers} callers @param {any} wanted @param {any} records
 */
function userDiffers(callers, wanted, records) {
  const by = callers.identities.find((identity) => identity in wanted)
  if (by === undefined) throw new Error(`a user of \`after\` has none of ${callers.identities.join(', ')}`)
  const { [by]: name, ...members } = wanted
  const user = userOf(callers, records, name)
  if (!user) return [`after: expected a user ${name}, got none`]
  const listed = Object.fromEntries(Object.entries(user).filter(([member]) => Object.hasOwn(members, member)))
  return unlike(`after/users/${name}`, members, listed, STATE)
}

/** From crate to owners, as an object or as a list of `{name, owners}`. @param {any} owners @returns {[string, string[]][]} */
function ownersOf(owners) {
  return isObject(owners) ? Object.entries(owners) : owners.map((/** @type {any} */ crate) => [crate.name, crate.owners])
}

/** @param {string} name @param {string[]} owners @param {any} records */
function crateDiffers(name, owners, records) {
  const crate = records.crates?.find((/** @type {any} */ crate) => crate.name === name)
  return unlike(`after/owners/${name}`, owners, crate?.owners ?? [], STATE)
}

/**
 * Another member of the records: of a list the items that are listed are there, of anything else the value.
 * @param {string} name @param {any} wanted @param {any} records
 */
function memberDiffers(name, wanted, records) {
  if (!Object.hasOwn(records, name)) throw new Error(`\`after\` has the member ${name}, which the records do not have`)
  const got = records[name]
  const rule = { ...STATE, subset: true }
  if (!Array.isArray(wanted) || !Array.isArray(got)) return unlike(`after/${name}`, wanted, got, rule)
  return wanted.filter((item) => got.every((other) => unlike('', item, other, rule).length > 0)).map((item) => difference(`after/${name}`, item, got))
}

/** @param {import('./compare.mjs').Rule} rule @param {string} message @param {string[]} texts */
function matchesMessage(rule, message, texts) {
  const fold = (/** @type {string} */ text) => (rule.anyCase ? text.toLowerCase() : text)
  return texts.some((text) => fold(text).includes(fold(message)))
}

/** @param {any} body @param {string | string[]} places */
function absences(body, places) {
  const missing = [places].flat().filter((place) => valuesAt(body, place).length === 0)
  return missing.map((place) => `body: expected something at ${place}, got ${JSON.stringify(body)}`)
}

/** @param {any} body @param {string | string[]} places */
function presences(body, places) {
  return [places].flat().flatMap((place) => valuesAt(body, place).map((got) => `body: expected nothing at ${place}, got ${JSON.stringify(got)}`))
}
