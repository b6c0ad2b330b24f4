// @ts-check
// Questions to one model, for so many subjects, beside the nested Map, an empty call and CASL; nanoseconds as JSON.
// speed.mjs MODEL USERS [ROUNDS]

import { GRANTS, documentOf, openerOf, workload } from '../document.mjs'
import { canIdLoop, canLoop, decideLoop, emptyLoop, mapLoop, onceLoop, prepare } from '../latchwork.mjs'
import { measure, places } from '../clock.mjs'
import { peer } from '../peers.mjs'

const [model, users, rounds = '15'] = process.argv.slice(2)
const count = Number(users)
const work = await workload(model)
const document = documentOf(work, count)
const { action } = work
const texts = document.names

/** Questions of a pass: enough to visit many subjects. */
const ASKED = count === 1 ? 4_096 : count <= 1_000 ? 16_384 : 65_536
const FRESH = 16_384

const casl = await peer('casl')
const { map } = (await peer('map')).open(document)
const authorizer = (await openerOf(model))(document.records())
const subjects = document.users.map((user) => authorizer.subject(user))
// Many of them would take gigabytes.
const abilities = (count > 1_000 ? document.users.slice(0, 1) : document.users).map(() => /** @type {any} */ (casl.fresh)(document))

const who = places(ASKED, count)
const what = places(ASKED, GRANTS, 7)
const expect = what.reduce((sum, place) => sum + Number(document.allows(place)), 0)
const numbers = subjects.map((subject) => texts.map((name) => prepare(subject, action, name)))
const questions = Uint32Array.from(who, (user, index) => numbers[user][what[index]])
const answers = Uint32Array.from(what, (place, index) => (questions[index] & ~1) | Number(document.allows(place)))
const holders = document.users.map((_, index) => ({ handle: index + 1 }))
// As many numbers as one call takes, of one subject.
const many = Uint32Array.from(what.subarray(0, 4_096), (place) => numbers[0][place])
/** Calls of a pass: one alone is over before the compiler has seen it, which is done after some thousands. */
const MANY_CALLS = 64
const WARM_UP = 100

function manyPass() {
  let allowed = 0
  for (let call = 0; call < MANY_CALLS; call += 1) allowed += subjects[0].canMany(many)[0]
  return allowed
}

const asked = { questions: ASKED, expect }
const hot = measure(
  {
    map: { pass: () => mapLoop(map, document.users, who, texts, what), ...asked },
    empty: { pass: () => emptyLoop(holders, who, answers), ...asked },
    canId: { pass: () => canIdLoop(subjects, who, questions), ...asked },
    can: { pass: () => canLoop(subjects, who, action, texts, what), ...asked },
    ...(count <= 1_000 && { casl: { pass: () => casl.loop(abilities, who, texts, what), ...asked } }),
  },
  Number(rounds),
)
if (count > 1_000) {
  console.log(JSON.stringify(hot))
  process.exit()
}
for (let pass = 0; pass < WARM_UP; pass += 1) manyPass()
const further = measure(
  {
    mapAgain: { pass: () => mapLoop(map, document.users, who, texts, what), ...asked },
    once: { pass: () => onceLoop(authorizer, document.users, who, action, texts, what), ...asked },
    decide: { pass: () => decideLoop(subjects, who, action, texts, what), ...asked },
    canMany: { pass: manyPass, questions: MANY_CALLS * many.length },
  },
  Number(rounds),
)

/** A new string of this text, whose hash is not computed yet. @param {string} text */
const renewed = (text) => Buffer.from(text).toString()
let unseen = 0
const freshWho = places(FRESH, count, 11)
const freshWhat = places(FRESH, GRANTS, 13)
const order = Uint32Array.from({ length: FRESH }, (_, index) => index)
const known = { questions: FRESH, given: () => Array.from(freshWhat, (place) => renewed(texts[place])), expect: freshWhat.reduce((sum, place) => sum + Number(document.allows(place)), 0) }
const never = { questions: FRESH, given: () => Array.from(freshWhat, (place) => renewed(work.resource(`${document.plain[place]}-${(unseen += 1)}`))), expect: 0 }
const fresh = measure(
  {
    mapFresh: { pass: (given) => mapLoop(map, document.users, freshWho, given, order), ...known },
    fresh: { pass: (given) => canLoop(subjects, freshWho, action, given, order), ...known },
    caslFresh: { pass: (given) => casl.loop(abilities, freshWho, given, order), ...known },
    mapUnseen: { pass: (given) => mapLoop(map, document.users, freshWho, given, order), ...never },
    unseen: { pass: (given) => canLoop(subjects, freshWho, action, given, order), ...never },
    caslUnseen: { pass: (given) => casl.loop(abilities, freshWho, given, order), ...never },
  },
  Number(rounds),
)

const PREPARED = 256
const prepared = measure(
  {
    prepare: {
      questions: PREPARED,
      pass() {
        for (let index = 0; index < PREPARED; index += 1) authorizer.subject(document.users[index % count]).dispose()
        return 0
      },
    },
  },
  Number(rounds),
)
console.log(JSON.stringify({ ...hot, ...further, ...fresh, ...prepared }))
