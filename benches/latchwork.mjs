// @ts-check
// The loops over a model's own objects: each is of one kind of call, so that the compiler specializes it.

/** @typedef {Uint32Array} Places */

/** A wasm function that only returns its first argument: what any call into wasm costs. */
const EMPTY_WASM = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 5, 1, 1, 101, 0, 0, 10, 6, 1, 4, 0, 32, 0, 11,
)
const empty = /** @type {(a: number, b: number) => number} */ (new WebAssembly.Instance(new WebAssembly.Module(EMPTY_WASM)).exports.e)

/**
 * The empty call returns what it is given, which has the answers' bits, so that this loop branches like the others; the other argument comes
 * out of a list of objects, as a handle out of a subject.
 * @param {{ handle: number }[]} holders @param {Places} who @param {Places} answers
 */
export function emptyLoop(holders, who, answers) {
  let allowed = 0
  for (let index = 0; index < who.length; index += 1) if ((empty(answers[index], holders[who[index]].handle) & 1) === 1) allowed += 1
  return allowed
}

/** @param {Map<string, Map<string, boolean>>} map @param {string[]} users @param {Places} who @param {string[]} texts @param {Places} what */
export function mapLoop(map, users, who, texts, what) {
  let allowed = 0
  for (let index = 0; index < who.length; index += 1) if (/** @type {any} */ (map.get(users[who[index]])).get(texts[what[index]])) allowed += 1
  return allowed
}

/** @param {any[]} subjects @param {Places} who @param {Places} questions */
export function canIdLoop(subjects, who, questions) {
  let allowed = 0
  for (let index = 0; index < who.length; index += 1) if (subjects[who[index]].canId(questions[index])) allowed += 1
  return allowed
}

/** @param {any[]} subjects @param {Places} who @param {string} action @param {string[]} texts @param {Places} what */
export function canLoop(subjects, who, action, texts, what) {
  let allowed = 0
  for (let index = 0; index < who.length; index += 1) if (subjects[who[index]].can(action, texts[what[index]])) allowed += 1
  return allowed
}

/** @param {any[]} subjects @param {Places} who @param {string} action @param {string[]} texts @param {Places} what */
export function decideLoop(subjects, who, action, texts, what) {
  let allowed = 0
  for (let index = 0; index < who.length; index += 1) if (subjects[who[index]].decide(action, texts[what[index]]).allow) allowed += 1
  return allowed
}

/** @param {any} authorizer @param {string[]} users @param {Places} who @param {string} action @param {string[]} texts @param {Places} what */
export function onceLoop(authorizer, users, who, action, texts, what) {
  let allowed = 0
  for (let index = 0; index < who.length; index += 1) if (authorizer.can(users[who[index]], action, texts[what[index]])) allowed += 1
  return allowed
}

/** A prepared question; `id` is what `prepare` was called before. @param {any} subject @param {string} action @param {string} resource */
export const prepare = (subject, action, resource) => (subject.prepare ? subject.prepare(action, resource) : subject.id(action, resource))
