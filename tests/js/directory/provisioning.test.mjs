// @ts-check
// The requests that Microsoft Entra ID and Okta document for their SCIM clients, in their order, from the first to the
// last. All names are invented. Source: Microsoft Entra ID, "Develop and plan provisioning for a SCIM endpoint" and "Known
// issues and resolutions with SCIM 2.0 protocol compliance"; Okta, "Okta and SCIM Version 2.0".

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDirectory } from 'latchwork/directory'
import { memoryStore } from 'latchwork/stores/memory'
import { basic, COST, SECRET } from '../support/directory/products.mjs'

const BASE = 'https://id.example.org'
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User'
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

/** What the client of a provisioning service does: one request. @typedef {(method: string, path: string, body?: unknown) => Promise<{ status: number, headers: Headers, body: any }>} Call */

/** A directory whose stores take the names of the clients, which are longer than 30 characters. @returns {Promise<{ call: Call, signsIn: (name: string, password: string) => Promise<boolean> }>} */
async function service() {
  const directory = createDirectory({ system: 'wso2', store: memoryStore(), cost: COST, secret: SECRET })
  await directory.seed({
    stores: [{ domain: 'PRIMARY', username_regex: '^[^\\s*?%]{3,64}$', role_regex: '^[\\S]{3,64}$' }],
    users: [{ name: 'admin', password: 'admin', roles: ['admin'] }],
    rules: [{ role: 'Internal/everyone', resource: '/permission/admin/login', action: 'ui.execute', effect: 'allow' }],
  })
  /** @param {string} as @param {string} method @param {string} path @param {unknown} [body] */
  const send = async (as, method, path, body) => {
    const headers = { authorization: as, 'content-type': 'application/scim+json; charset=utf-8', accept: 'application/scim+json' }
    const response = await directory.fetch(new Request(`${BASE}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }))
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
  }
  return {
    call: (method, path, body) => send(basic('admin:admin'), method, path, body),
    signsIn: async (name, password) => (await send(basic(`${name}:${password}`), 'GET', '/scim2/Me')).status === 200,
  }
}

/** @param {string} name @param {string} filter @param {string} [more] */
const filtered = (name, filter, more = '') => `/scim2/${name}?${more}filter=${encodeURIComponent(filter)}`

/** @param {...unknown} Operations */
const patch = (...Operations) => ({ schemas: [PATCH], Operations })

/** The resources of a list. @param {{ status: number, body: any }} answer @param {string} what */
function listed({ status, body }, what) {
  assert.equal(status, 200, `${what}: ${JSON.stringify(body)}`)
  assert.equal(body.totalResults, body.Resources.length, what)
  return body.Resources
}

/** Whether a response has this resource and its address. @param {{ status: number, headers: Headers, body: any }} answer @param {number} status @param {string} url */
function assertResource({ status: got, headers, body }, status, url) {
  assert.equal(got, status, JSON.stringify(body))
  assert.equal(headers.get('content-location'), url)
  assert.equal(body.meta.location, url)
}

test('Microsoft Entra ID: users are matched, created, updated, deactivated and deleted', async () => {
  const { call, signsIn } = await service()
  const name = 'Test_User_ab6490ee-1e48-479e-a20b-2d77186b5dd1'
  const externalId = '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef'
  assert.deepEqual(listed(await call('GET', filtered('Users', 'userName eq "77a15b1b-6d2c-4c9a-9d5f-0f2a0a4f2b6e"')), 'the test of the connection'), [])
  assert.deepEqual(listed(await call('GET', filtered('Users', `userName eq "${name}"`)), 'userName'), [])

  const made = await call('POST', '/scim2/Users', {
    schemas: [CORE, ENTERPRISE],
    externalId,
    userName: name,
    active: true,
    addresses: null,
    displayName: null,
    emails: [{ type: 'work', value: 'test_user@example.org', primary: true }],
    meta: { resourceType: 'User' },
    name: { formatted: 'givenName familyName', familyName: 'familyName', givenName: 'givenName' },
    phoneNumbers: null,
    preferredLanguage: null,
    roles: [],
    title: null,
    [ENTERPRISE]: { department: null, employeeNumber: '701', manager: null },
  })
  const { id } = made.body
  const path = `/scim2/Users/${id}`
  const url = `${BASE}${path}`
  assertResource(made, 201, url)
  assert.equal(made.headers.get('location'), url)
  assert.deepEqual(made.body.schemas, [CORE, ENTERPRISE])
  assert.deepEqual(made.body[ENTERPRISE], { employeeNumber: '701' })
  assert.deepEqual(made.body.emails, [{ type: 'work', value: 'test_user@example.org', primary: true }])
  assertResource(await call('GET', path), 200, url)
  for (const filter of [`userName eq "${name}"`, `externalId eq "${externalId}"`, 'emails[type eq "work"].value eq "test_user@example.org"']) {
    assert.deepEqual(listed(await call('GET', filtered('Users', filter)), filter).map((/** @type {any} */ user) => user.id), [id], filter)
  }
  assert.deepEqual(listed(await call('GET', filtered('Users', 'externalId eq "another"')), 'externalId'), [])

  const manager = await call('POST', '/scim2/Users', { schemas: [CORE], userName: 'the-manager' })
  const updated = await call('PATCH', path, patch(
    { op: 'Add', path: 'nickName', value: 'Babs' },
    { op: 'Replace', path: 'emails[type eq "work"].value', value: 'updated@example.org' },
    { op: 'Replace', path: 'name.familyName', value: 'updatedFamilyName' },
    { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+41 1' },
    { op: 'Add', path: 'addresses[type eq "work"].locality', value: 'Bern' },
    { op: 'Add', path: 'addresses[type eq "work"].country', value: 'CH' },
    { op: 'Replace', path: `${ENTERPRISE}:employeeNumber`, value: '702' },
    { op: 'Add', path: `${ENTERPRISE}:department`, value: 'IT' },
    { op: 'Add', path: `${ENTERPRISE}:manager`, value: manager.body.id },
  ))
  assertResource(updated, 200, url)
  const { nickName, emails, name: parts, phoneNumbers, addresses, [ENTERPRISE]: enterprise } = updated.body
  assert.deepEqual({ nickName, emails, parts, phoneNumbers, addresses, enterprise }, {
    nickName: 'Babs',
    emails: [{ type: 'work', primary: true, value: 'updated@example.org' }],
    parts: { formatted: 'givenName familyName', givenName: 'givenName', familyName: 'updatedFamilyName' },
    phoneNumbers: [{ type: 'mobile', value: '+41 1' }],
    addresses: [{ type: 'work', locality: 'Bern', country: 'CH' }],
    enterprise: { employeeNumber: '702', department: 'IT', manager: { value: manager.body.id } },
  })
  // As the service asks with the switch `aadOptscim062020`: attributes together, without a path.
  const together = await call('PATCH', path, patch(
    { op: 'replace', path: 'emails[type eq "work"].value', value: 'again@example.org' },
    { op: 'replace', value: { displayName: 'Bjfe', 'name.givenName': 'Kkom', 'name.familyName': 'Unua', [`${ENTERPRISE}:employeeNumber`]: 'Aklq' } },
  ))
  assertResource(together, 200, url)
  assert.deepEqual(
    [together.body.displayName, together.body.name.givenName, together.body.name.familyName, together.body[ENTERPRISE].employeeNumber, together.body.emails[0].value],
    ['Bjfe', 'Kkom', 'Unua', 'Aklq', 'again@example.org'],
  )
  // Whether a reference has its value, as it is documented: without quotes, and without the extension's name.
  const reference = (/** @type {string} */ of) => call('GET', `${filtered('Users', `id eq ${id} and manager eq ${of}`)}&attributes=id`)
  assert.deepEqual(listed(await reference(manager.body.id), 'manager'), [{ schemas: [CORE], id }])
  assert.deepEqual(listed(await reference('another'), 'manager'), [])
  // The product's user names are immutable.
  const renamed = await call('PATCH', path, patch({ op: 'Replace', path: 'userName', value: 'another-name' }))
  assert.deepEqual([renamed.status, renamed.body.scimType], [400, 'mutability'])

  assert.equal((await call('PATCH', path, patch({ op: 'Replace', path: 'password', value: 'secret-1' }))).status, 200)
  assert.equal(await signsIn(name, 'secret-1'), true)
  for (const [off, on] of [['False', 'True'], [false, true]]) {
    const disabled = await call('PATCH', path, patch({ op: 'Replace', path: 'active', value: off }))
    assert.deepEqual([disabled.status, disabled.body.active], [200, false])
    assert.equal(await signsIn(name, 'secret-1'), false)
    assert.deepEqual((await call('GET', path)).body.active, false)
    assert.equal((await call('PATCH', path, patch({ op: 'Replace', path: 'active', value: on }))).body.active, true)
    assert.equal(await signsIn(name, 'secret-1'), true)
  }
  assert.equal((await call('DELETE', path)).status, 204)
  const gone = await call('GET', path)
  assert.deepEqual([gone.status, gone.body.status], [404, '404'])
})

test('Microsoft Entra ID: groups are matched, created, renamed, given members and deleted', async () => {
  const { call } = await service()
  const ids = []
  for (const userName of ['member-1', 'member-2']) ids.push((await call('POST', '/scim2/Users', { schemas: [CORE], userName })).body.id)
  const name = (/** @type {string} */ text) => filtered('Groups', `displayName eq "${text}"`, 'excludedAttributes=members&')
  assert.deepEqual(listed(await call('GET', name('displayName')), 'displayName'), [])
  const made = await call('POST', '/scim2/Groups', {
    schemas: [GROUP, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
    externalId: '8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159',
    displayName: 'displayName',
    members: [],
    meta: { resourceType: 'Group' },
  })
  const path = `/scim2/Groups/${made.body.id}`
  assertResource(made, 201, `${BASE}${path}`)
  assertResource(await call('GET', `${path}?excludedAttributes=members`), 200, `${BASE}${path}`)
  assert.deepEqual(listed(await call('GET', name('displayName')), 'displayName').map((/** @type {any} */ group) => group.externalId), ['8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159'])
  assert.equal((await call('PATCH', path, patch({ op: 'Replace', path: 'displayName', value: 'renamedGroup' }))).body.displayName, 'renamedGroup')

  const members = async () => ((await call('GET', path)).body.members ?? []).map((/** @type {any} */ member) => member.value).sort()
  const change = async (/** @type {unknown} */ operation) => assert.equal((await call('PATCH', path, patch(operation))).status, 200, JSON.stringify(operation))
  await change({ op: 'Add', path: 'members', value: [{ $ref: null, value: ids[0] }] })
  await change({ op: 'Add', path: 'members', value: [{ $ref: null, value: ids[0] }, { value: ids[1] }] })
  assert.deepEqual(await members(), [...ids].sort())
  await change({ op: 'Remove', path: 'members', value: [{ $ref: null, value: ids[0] }] })
  assert.deepEqual(await members(), [ids[1]])
  // Again, after an answer that was lost; and as the switch `aadOptscim062020` has it.
  await change({ op: 'Remove', path: 'members', value: [{ value: ids[0] }] })
  await change({ op: 'remove', path: `members[value eq "${ids[0]}"]` })
  await change({ op: 'remove', path: `members[value eq "${ids[1]}"]` })
  assert.deepEqual(await members(), [])
  assert.equal((await call('DELETE', path)).status, 204)
  assert.equal((await call('GET', path)).status, 404)
})

test('Okta: users are imported, matched, created, updated, deactivated and reactivated', async () => {
  const { call, signsIn } = await service()
  assert.equal((await call('GET', '/scim2/Users?startIndex=1&count=2')).body.totalResults, 1)
  assert.equal((await call('GET', '/scim2/Groups?startIndex=1&count=100')).status, 200)
  const match = `${filtered('Users', 'userName eq "test.user@okta.example"')}&startIndex=1&count=100`
  assert.deepEqual(listed(await call('GET', match), 'userName'), [])
  const profile = {
    schemas: [CORE],
    userName: 'test.user@okta.example',
    name: { givenName: 'Test', familyName: 'User' },
    emails: [{ primary: true, value: 'test.user@okta.example', type: 'work' }],
    displayName: 'Test User',
    locale: 'en-US',
    externalId: '00ujl29u0le5T6Aj10h7',
    groups: [],
    active: true,
  }
  const made = await call('POST', '/scim2/Users', { ...profile, password: '1mz050nq' })
  const path = `/scim2/Users/${made.body.id}`
  assertResource(made, 201, `${BASE}${path}`)
  assert.equal(made.body.password, undefined)
  assert.equal((await call('POST', '/scim2/Users', profile)).status, 409)
  assert.deepEqual(listed(await call('GET', match), 'userName').length, 1)
  assert.equal(await signsIn('test.user@okta.example', '1mz050nq'), true)

  // An update is a read, and a replacement by what was read with its changes.
  const { body } = await call('GET', path)
  const put = await call('PUT', path, { ...body, name: { ...body.name, middleName: 'Excited' } })
  assertResource(put, 200, `${BASE}${path}`)
  assert.deepEqual(put.body.name, { givenName: 'Test', familyName: 'User', middleName: 'Excited' })
  assert.deepEqual((await call('PUT', path, { ...body, [ENTERPRISE]: { department: 'IT', manager: { value: 'm-1', displayName: 'Boss' } } })).body[ENTERPRISE], { department: 'IT', manager: { value: 'm-1', displayName: 'Boss' } })
  assert.equal((await call('PATCH', path, patch({ op: 'replace', value: { active: false } }))).body.active, false)
  assert.equal(await signsIn('test.user@okta.example', '1mz050nq'), false)
  assert.equal((await call('PATCH', path, patch({ op: 'replace', value: { active: true } }))).body.active, true)
  assert.equal((await call('PATCH', path, patch({ op: 'replace', value: { password: 't%WbGS5U' } }))).status, 200)
  assert.equal(await signsIn('test.user@okta.example', 't%WbGS5U'), true)
  const missing = await call('GET', '/scim2/Users/23a35c27-23d3-4c03-b4c5-6443c09e7173')
  assert.deepEqual([missing.status, missing.body.schemas], [404, ['urn:ietf:params:scim:api:messages:2.0:Error']])
})

test('Okta: groups are pushed, changed and removed', async () => {
  const { call } = await service()
  const users = []
  for (const userName of ['isaac.brock@example.org', 'jeff.tweedy@example.org']) {
    users.push({ value: (await call('POST', '/scim2/Users', { schemas: [CORE], userName })).body.id, display: userName })
  }
  const [first, second] = users
  const made = await call('POST', '/scim2/Groups', { schemas: [GROUP], displayName: 'TestSCIMv2', members: [first] })
  const { id } = made.body
  const path = `/scim2/Groups/${id}`
  assertResource(made, 201, `${BASE}${path}`)
  const listMembers = async () => (await call('GET', path)).body.members?.map((/** @type {any} */ { value, display }) => ({ value, display })) ?? []
  assert.deepEqual(await listMembers(), [first])
  assert.equal((await call('PATCH', path, patch({ op: 'replace', value: { id, displayName: 'TestSCIMv2-renamed' } }))).body.displayName, 'TestSCIMv2-renamed')
  const changed = await call('PATCH', path, patch(
    { op: 'remove', path: `members[value eq "${first?.value}"]` },
    { op: 'add', path: 'members', value: [second] },
  ))
  assert.equal(changed.status, 200)
  assert.deepEqual(await listMembers(), [second])
  assert.equal((await call('PATCH', path, patch({ op: 'replace', path: 'members', value: [first] }))).status, 200)
  assert.deepEqual(await listMembers(), [first])
  assert.equal((await call('PUT', path, { schemas: [GROUP], id, displayName: 'TestSCIMv2', members: [first, second] })).status, 200)
  assert.equal((await listMembers()).length, 2)
  assert.equal((await call('DELETE', path)).status, 204)
  assert.equal((await call('GET', `/scim2/Users/${first?.value}`)).body.groups, undefined)
})
