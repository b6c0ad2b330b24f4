// @ts-check
// Random values as every argument give a result or an error of the package, and nothing else.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import * as latchwork from 'latchwork'
import { samples, products, untyped, withForms } from '../support/samples.mjs'
import { assertUnchanged, outcomeOf } from '../support/assertions.mjs'

const { open, validate, classify, schema } = untyped(latchwork)

/** `npm run test:full` asks for more. */
const RUNS = 2_000 * Number(process.env.LATCHWORK_PROOFS ?? 1)

/** Anything at all: objects without a prototype, dates, maps, sets, typed arrays, bigints, holes. */
const anything = () => fc.anything({
  withBigInt: true, withBoxedValues: true, withDate: true, withMap: true, withNullPrototype: true, withObjectString: true,
  withSet: true, withSparseArray: true, withTypedArray: true, withUnicodeString: true, maxDepth: 4, key: fc.oneof(fc.string({ unit: 'binary' }), names()),
})

/** Names that decide something somewhere, so that not everything is refused at the first look. */
const names = () => fc.constantFrom(
  '__proto__', 'constructor', 'users', 'name', 'role', 'active', 'email', 'scope', 'userType', 'appNameUserType', 'grants', 'level', 'collections', 'crates', 'owners',
  'id', 'user_permissions', 'IsAdmin', 'groups', 'apis', 'config', 'roles', 'rules', 'resource', 'action', 'effect', 'realm', 'stores', 'domain', 'users', 'subject', '*',
)
const text = () => fc.oneof(fc.string(), fc.string({ unit: 'binary' }), names())
const system = () => fc.constantFrom(...products)

/** The records of a sample with one member somewhere put in place of another. */
const mutated = () => fc.tuple(system(), fc.array(fc.nat(20), { maxLength: 5 }), anything()).map(([system, way, value]) => {
  const records = structuredClone(samples[system].records)
  let place = records
  for (const step of way) {
    const keys = Object.keys(place)
    const key = keys[step % keys.length]
    if (typeof place[key] !== 'object' || place[key] === null || Object.keys(place[key]).length === 0) {
      place[key] = value
      break
    }
    place = place[key]
  }
  return { system, records }
})

/** @template T @param {fc.Arbitrary<T>} arbitrary @param {(value: T) => void} check */
function always(arbitrary, check) {
  fc.assert(fc.property(arbitrary, check), { numRuns: RUNS })
  assertUnchanged()
}

/** Whatever an authorizer was opened on, these answer. @param {any} authorizer @param {any} id @param {string} resource */
function decide(authorizer, id, resource) {
  const { allowed: [action] } = samples[/** @type {import('../support/samples.mjs').SystemName} */ (authorizer.system)]
  const { result } = outcomeOf(() => authorizer.decide({ subject: id, action, resource }))
  if (result) {
    assert.equal(typeof result.allow, 'boolean')
    assert.equal(authorizer.can(id, action, resource), result.allow)
    assert.deepEqual(Object.keys(authorizer.explain({ subject: id, action, resource })).slice(-2), ['text', 'citation'])
  }
}

after(assertUnchanged)

test('hazard "two-step reader: 0 traps in 20,000 values": random values as records cause no trap', () => {
  always(fc.tuple(system(), anything(), text(), text()), ([system, records, id, resource]) => {
    const { result, error } = outcomeOf(() => open(system, records))
    if (error) return assert.ok(['invalid_records', 'malformed_json', 'malformed_string'].includes(error.code), error.code)
    decide(result, id, resource)
    result.dispose()
  })
})

test('records with a random value in one member cause no trap', () => {
  always(fc.tuple(mutated(), text(), text()), ([{ system, records }, id, resource]) => {
    const { result, error } = outcomeOf(() => open(system, records))
    if (error) return assert.equal(error.code, 'invalid_records')
    decide(result, samples[system].user, resource)
    decide(result, id, samples[system].allowed[1])
    assert.match(result.digest, /^sha256-[0-9a-f]{64}$/)
    result.dispose()
  })
})

test('random values as a form cause no trap, and a validated value is valid again', () => {
  always(fc.tuple(fc.constantFrom(...withForms), fc.oneof(anything(), fc.dictionary(names(), anything()))), ([system, value]) => {
    const { kind } = samples[system]
    const { result } = outcomeOf(() => validate(system, kind, value))
    if (result.problems) {
      assert.ok(result.problems.length > 0)
      assert.equal(schema(system, kind)['~standard'].validate(value).issues.length, result.problems.length)
    } else assert.deepEqual(validate(system, kind, result.value), result)
  })
})

test('random values as a question cause no trap', () => {
  const opened = products.map((system) => open(system, samples[system].records))
  const member = () => fc.oneof(anything(), text(), fc.constantFrom(...Object.values(samples).flatMap(({ user, allowed }) => [user, allowed[0], allowed[1]])))
  const question = fc.oneof(anything(), fc.record({ subject: member(), action: member(), resource: member(), attributes: anything() }, { requiredKeys: [] }))
  always(fc.tuple(question, fc.nat(opened.length - 1)), ([question, index]) => {
    const authorizer = opened[index]
    for (const act of ['decide', 'explain', 'canMany']) outcomeOf(() => authorizer[act](question))
    const { subject, action, resource, attributes } = /** @type {any} */ (question ?? {})
    const { result } = outcomeOf(() => authorizer.can(subject, action, resource, attributes))
    if (result !== undefined) assert.equal(typeof result, 'boolean')
    outcomeOf(() => authorizer.subject({ role: subject }))
    const { result: prepared } = outcomeOf(() => authorizer.subject(subject))
    outcomeOf(() => prepared?.prepare(action, resource))
    outcomeOf(() => prepared?.canId(action))
    outcomeOf(() => prepared?.canMany(question))
    prepared?.dispose()
  })
})

test('random values as a request cause no trap', () => {
  const request = fc.record({
    method: fc.oneof(fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'), text()),
    path: fc.oneof(
      text(),
      fc.array(fc.oneof(fc.constantFrom('rest', 'v2', 'api', 'v1', 'meuse', 'user', 'users', 'crates', 'token', '..', '%2e%2e', '%2F', ''), text())).map((parts) => `/${parts.join('/')}`),
    ),
    query: fc.oneof(anything(), fc.array(fc.tuple(text(), text())), fc.dictionary(text(), text())),
    body: anything(),
  }, { requiredKeys: ['method', 'path'] })
  always(fc.tuple(system(), fc.oneof(request, anything())), ([system, request]) => {
    const { result } = outcomeOf(() => classify(system, request))
    if (!result) return
    assert.deepEqual([typeof result.action, typeof result.resource], ['string', 'string'])
    const authorizer = open(system, samples[system].records)
    outcomeOf(() => authorizer.decide({ subject: samples[system].user, ...result }))
    authorizer.dispose()
  })
})

test('random values as each argument cause no trap', () => {
  always(fc.tuple(anything(), anything(), anything()), ([first, second, third]) => {
    for (const act of [open, validate, classify]) outcomeOf(() => act(first, second, third))
    outcomeOf(() => schema(first, second)['~standard'].validate(third))
  })
})
