// @ts-check
// How one decision, or another question, grows, in nanoseconds: with the grants of the user, and with what the model's
// workload names.
// growth.mjs MODEL [ROUNDS]

import { documentOf, openerOf, workload } from '../document.mjs'
import { measure } from '../clock.mjs'

const [model, rounds = '11'] = process.argv.slice(2)
const work = await workload(model)
const open = await openerOf(model)
// A model may take no more grants than these and one.
const COUNTS = [10, 100, 1_000, 9_990]
const ASKED = 256

/** Decides anew each time: a decision with attributes, here without any, is not remembered. @param {any} subject @param {string} action @param {string} resource */
function decideAnew(subject, action, resource) {
  let allowed = 0
  for (let index = 0; index < ASKED; index += 1) if (subject.decide(action, resource, {}).allow) allowed += 1
  return allowed
}

/** @param {any} subject @param {string} action @param {string} resource */
const candidate = (subject, action, resource) => ({ questions: ASKED, pass: () => decideAnew(subject, action, resource) })

/** @param {{ what: string, counts: number[], target?: any, make: (count: number) => any }} growth */
async function grow({ what, counts, target, make }) {
  /** @type {Record<string, any>} */
  const candidates = {}
  for (const count of counts) {
    const { records, user, action, resource, pass } = await make(count)
    candidates[`n${count}`] = pass ? { questions: 1, pass } : candidate(open(records).subject(user), action, resource)
  }
  const took = /** @type {Record<string, number>} */ (measure(candidates, Number(rounds)))
  return { what, counts, target, nanoseconds: counts.map((count) => took[`n${count}`]) }
}

const grants = {
  what: 'grants of the user',
  counts: COUNTS,
  target: { times: 1.3 },
  make(/** @type {number} */ count) {
    const document = documentOf(work, 1, count)
    return { records: document.records(), user: document.users[0], action: work.action, resource: document.names[5] }
  },
}
const grown = []
for (const growth of [grants, ...(work.growth ?? [])]) grown.push(await grow(growth))
console.log(JSON.stringify(grown))
