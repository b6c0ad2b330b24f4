// @ts-check
// Runs every request of every call case with a store that fails at each step in turn. The request is refused in the
// product's own form, and changes nothing. A commit before the failure is stored completely.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import { createDirectory } from 'latchwork/directory'
import { runCall } from '../support/run-call.mjs'
import { casesOf, isCall } from '../support/run-decision.mjs'
import { allEntries } from '../support/all-entries.mjs'
import { FaultyStore } from '../support/directory/faulty-store.mjs'
import { assertRefused, systems, unavailable } from '../support/directory/products.mjs'
import { copyOf, sequence } from '../support/directory/repeated-requests.mjs'

/** The ways to fail, each by what takes the place of a step. @type {Record<string, (act: () => any) => unknown>} */
const WAYS = {
  throws: () => Promise.reject(new Error('the disk is gone')),
  'answers garbage': () => [{ key: 5 }, 'x'],
  'answers what has no form': () => Object.create(null),
}

/** Fails after it did what it was asked. @param {() => any} act */
function forgetsToAnswer(act) {
  act()
  throw new Error('the line is cut')
}

/** @param {string} system @param {{ requests: number, changes: number, steps: number }} counted */
function failing(system, counted) {
  /** @param {any} parts */
  function create(parts) {
    const { store } = parts
    const real = createDirectory(parts)
    return {
      seed: real.seed.bind(real),
      records: real.records.bind(real),
      /** @param {Request} request @param {any} context */
      async fetch(request, context) {
        const body = new Uint8Array(await request.arrayBuffer())
        /** @param {FaultyStore} store */
        const send = async (store) => {
          // Only the request itself has its mails counted.
          const response = await createDirectory({ ...parts, store, random: sequence(), sendMail: () => {} }).fetch(copyOf(request, body))
          const { text, chunks } = await textOf(response)
          return { status: response.status, text, chunks, body: text === '' ? '' : JSON.parse(text) }
        }
        const dry = store.copy(() => undefined)
        const { chunks } = await send(dry).catch(() => ({ chunks: 0 }))
        counted.requests += 1
        counted.changes += dry.changes
        assert.ok(dry.changes <= 1, 'a request is one commit')
        for (let place = 1; place <= dry.steps; place += 1) {
          for (const [way, fail] of Object.entries(WAYS)) {
            counted.steps += 1
            const copy = store.copy((/** @type {string} */ _step, /** @type {number} */ count, /** @type {() => any} */ act) => (count === place ? fail(act) : undefined))
            const what = `${request.method} ${request.url}, where step ${place} ${way}`
            const answer = await send(copy).catch(() => null)
            // A list that was under way is cut short.
            if (answer === null) {
              assert.ok(chunks > 1, what)
              continue
            }
            assert.equal(answer.status, unavailable(system), what)
            if (request.method === 'HEAD') assert.equal(answer.text, '', what)
            else assertRefused(system, answer, what)
            assert.equal(copy.stateOfRecords, store.stateOfRecords, what)
          }
        }
        if (dry.changes > 0) {
          // The first is the count of an attempt, if the request tries a password.
          const copy = store.copy((/** @type {string} */ step, /** @type {number} */ _count, /** @type {() => any} */ act) => (step === 'commit' && copy.commits === dry.commits - 1 ? forgetsToAnswer(act) : undefined))
          assert.equal((await send(copy)).status, unavailable(system))
          assert.deepEqual([copy.commits, copy.changes], [dry.commits, 1], 'what may have been done is not done again')
        }
        return real.fetch(copyOf(request, body), context)
      },
    }
  }
  return { ...allEntries, memoryStore: () => new FaultyStore(), createDirectory: create }
}

/** The text of a response, and in how many parts it came. @param {Response} response */
async function textOf({ body }) {
  const decoder = new TextDecoder()
  let [text, chunks] = ['', 0]
  for await (const chunk of /** @type {any} */ (body ?? [])) {
    text += decoder.decode(chunk, { stream: true })
    chunks += 1
  }
  return { text: text + decoder.decode(), chunks }
}

for (const system of systems) {
  test(`${system}: a store that fails at any step of a call leaves the state before or after it`, async () => {
    const counted = { requests: 0, changes: 0, steps: 0 }
    const folder = new URL(`../../cases/${system}/`, import.meta.url)
    for (const name of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
      for (const call of casesOf(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))).filter(isCall)) {
        assert.deepEqual(await runCall(failing(system, counted), system, call), [], call.id)
      }
    }
    assert.ok(counted.requests > 30 && counted.changes > 6 && counted.steps > 200, JSON.stringify(counted))
  })
}
