// @ts-check
// A directory with scripted responses that records its requests, for tests of the runner.

import * as latchwork from 'latchwork'

/**
 * The package with such a directory. It gives the answers in turn, each a body, status, headers and mails that
 * go out with it, or a function from what was seeded to those; after the last it answers 200 and `{}`.
 * @param {any[]} [answers]
 * @param {any} [records] the records that it returns; the default is what was seeded
 */
export function scripted(answers = [], records) {
  const rest = [...answers]
  const fake = { seeded: /** @type {any} */ (null), sent: /** @type {any[]} */ ([]), package: /** @type {any} */ (null) }
  const createDirectory = (/** @type {any} */ { now, sendMail }) => ({
    seed: async (/** @type {any} */ given) => void (fake.seeded = given),
    records: async () => records ?? fake.seeded,
    async fetch(/** @type {Request} */ request) {
      const { pathname, search } = new URL(request.url)
      const { method, headers } = request
      const bytes = new Uint8Array(await request.arrayBuffer())
      fake.sent.push({ method, path: pathname + search, headers, bytes, text: new TextDecoder().decode(bytes), now: now() })
      const next = rest.shift() ?? {}
      const answer = typeof next === 'function' ? next(fake.seeded) : next
      for (const letter of answer.mail ?? []) await sendMail(letter)
      const { body = {} } = answer
      return new Response(typeof body === 'string' ? body : JSON.stringify(body), answer)
    },
  })
  fake.package = { ...latchwork, memoryStore: () => ({}), createDirectory }
  return fake
}
