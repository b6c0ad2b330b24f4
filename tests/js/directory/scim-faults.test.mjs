// @ts-check
// SCIM responses that the host code makes: faults in the form of SCIM, and responses without a body.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { directoryOf, seeded, send } from '../support/directory/products.mjs'
import { FaultyStore } from '../support/directory/faulty-store.mjs'

const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error'

test('a fault below `/scim2` has the form of SCIM, and elsewhere that of the services', async () => {
  const { directory, as } = await seeded('wso2')
  const large = { as: as.root, body: new Uint8Array(65_537) }
  const refused = await send(directory, 'POST', '/scim2/Users', large)
  assert.equal(refused.headers.get('content-type'), 'application/scim+json')
  assert.deepEqual(refused.body, { schemas: [ERROR], status: '413', detail: refused.body.detail })
  const { headers, body } = await send(directory, 'POST', '/services/UserAdmin/addUser', large)
  assert.match(headers.get('content-type') ?? '', /^application\/json/)
  assert.deepEqual(Object.keys(body), ['error', 'message'])
})

test('a store that fails or returns invalid entries gives an error in the form of SCIM', async () => {
  const { store, as } = await seeded('wso2')
  const fails = store.copy(() => Promise.reject(new Error('gone')))
  const broken = new FaultyStore()
  await broken.commit([{ key: 'settings', expect: null, value: '{"' }])
  for (const [copy, status] of /** @type {[FaultyStore, number][]} */ ([[fails, 503], [broken, 500]])) {
    const answer = await send(directoryOf('wso2', copy), 'GET', '/scim2/Users', { as: as.root })
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [status, 'application/scim+json'], answer.text)
    assert.deepEqual(answer.body, { schemas: [ERROR], status: String(status), detail: answer.body.detail })
  }
})

test('the response to HEAD is that of GET without the body', async () => {
  const { directory, as } = await seeded('wso2')
  for (const path of ['/scim2/Users', '/scim2/Users/ann', '/scim2/Users/nobody', '/scim2/Groups', '/scim2/Me', '/scim2/Schemas']) {
    const [head, get] = [await send(directory, 'HEAD', path, { as: as.root }), await send(directory, 'GET', path, { as: as.root })]
    assert.deepEqual([head.status, [...head.headers]], [get.status, [...get.headers]], path)
    assert.deepEqual([head.text, get.text.length > 0], ['', true], path)
  }
})
