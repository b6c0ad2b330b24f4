// @ts-check
// One peer beside the nested Map, in nanoseconds: questions to one user, and what a subject costs. A process of its own for
// each, so that none has another's heap.
// peers.mjs MODEL PEER [ROUNDS]

import { GRANTS, documentOf, workload } from '../document.mjs'
import { measure, places } from '../clock.mjs'
import { mapLoop } from '../latchwork.mjs'
import { peer } from '../peers.mjs'

const [model, name, rounds = '11'] = process.argv.slice(2)
const document = documentOf(await workload(model), 1)
const { map } = (await peer('map')).open(document)
const candidate = await peer(name)
const opened = await candidate.open(document)
const subjects = document.users.map((user) => opened.prepare(user))

const ASKED = 512
const who = new Uint32Array(ASKED)
const what = places(ASKED, GRANTS, 7)
const texts = candidate.prepareNames?.(document.names) ?? document.names
const expect = what.reduce((sum, place) => sum + Number(document.allows(place)), 0)
const { floor, question } = measure(
  {
    floor: { pass: () => mapLoop(map, document.users, who, document.names, what), questions: ASKED, expect },
    question: { pass: () => candidate.loop(subjects, who, texts, what), questions: ASKED, expect },
  },
  Number(rounds),
)
const { fresh } = candidate
const PREPARED = 64
const { prepare } = fresh
  ? measure({ prepare: { questions: PREPARED, pass() { for (let index = 0; index < PREPARED; index += 1) fresh(document); return 0 } } }, Number(rounds))
  : { prepare: undefined }
console.log(JSON.stringify({ floor, question, prepare }))
