// @ts-check
// Every candidate gives the same answers to the same questions on the same document, or this fails.
// decisions.mjs MODEL

import { documentOf, openerOf, workload } from '../document.mjs'
import { prepare } from '../latchwork.mjs'
import { PEERS, peer } from '../peers.mjs'

const [model] = process.argv.slice(2)
const work = await workload(model)
const document = documentOf(work, 3)
const users = [...document.users, 'unknown-user']
const names = [...document.names, work.resource('never-seen')]
/** @param {string} user @param {number} place */
const expected = (user, place) => user !== 'unknown-user' && place < document.names.length && document.allows(place)

let asked = 0
/** @param {string} who @param {(user: string, name: string) => unknown} ask */
function check(who, ask) {
  for (const user of users) {
    names.forEach((name, place) => {
      asked += 1
      const answer = ask(user, name)
      if (answer !== expected(user, place)) throw new Error(`${model}: ${who} answers ${answer} to ${user}, ${work.action}, ${name}; expected ${expected(user, place)}`)
    })
  }
}

const authorizer = (await openerOf(model))(document.records())
const subjects = new Map(users.map((user) => [user, authorizer.subject(user)]))
check('can', (user, name) => subjects.get(user).can(work.action, name))
check('can, asked again', (user, name) => subjects.get(user).can(work.action, name))
check('canId', (user, name) => subjects.get(user).canId(prepare(subjects.get(user), work.action, name)))
check('canMany', (user, name) => subjects.get(user).canMany([prepare(subjects.get(user), work.action, name)])[0] === 1)
check('decide', (user, name) => subjects.get(user).decide(work.action, name).allow)
check('authorizer.can', (user, name) => authorizer.can(user, work.action, name))
for (const name of PEERS) {
  const { title, open } = await peer(name)
  const { prepare: prepared, ask } = await open(document)
  const own = new Map(users.map((user) => [user, prepared(user)]))
  check(title, (user, resource) => ask(own.get(user), resource))
}
console.log(JSON.stringify({ asked }))
