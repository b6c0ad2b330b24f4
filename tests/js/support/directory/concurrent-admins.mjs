// @ts-check
// Two administrators, `ada` and `bob`, who revoke each other's rights concurrently under strict guards.

import assert from 'node:assert/strict'
import { basic, directoryOf, meuseToken, send } from './products.mjs'

/** @typedef {[method: string, path: string, rest?: any]} Call */

/** @param {string} email */
const antmediaSession = (email) => async (/** @type {any} */ directory) => {
  const { headers } = await send(directory, 'POST', '/rest/v2/users/authenticate', { body: { email, password: 'password1' } })
  return { headers: { cookie: headers.get('set-cookie')?.split(';')[0] ?? '' } }
}
const withCredential = (/** @type {string} */ as) => async () => ({ as })

/**
 * For each product the two administrators, their credentials, and the requests that take the other's rights or account.
 * @type {Record<string, { records: any, who: ((directory: any) => Promise<any>)[], attacks: ((name: string) => Call)[] }>}
 */
export const concurrentAdmins = {
  antmedia: {
    records: { users: ['ada', 'bob'].map((email) => ({ email, scope: 'system', userType: 'ADMIN', password: 'password1' })) },
    who: [antmediaSession('ada'), antmediaSession('bob')],
    attacks: [
      (email) => ['PUT', '/rest/v2/users', { body: { email, scope: 'system', userType: 'USER' } }],
      (email) => ['DELETE', `/rest/v2/users/${email}`],
    ],
  },
  arangodb: {
    records: { users: Object.fromEntries(['ada', 'bob'].map((name) => [name, { passwd: name, grants: { _system: { level: 'rw' } } }])) },
    who: [withCredential(basic('ada:ada')), withCredential(basic('bob:bob'))],
    attacks: [
      (name) => ['PUT', `/_api/user/${name}/database/_system`, { body: { grant: 'none' } }],
      (name) => ['PATCH', `/_api/user/${name}`, { body: { active: false } }],
      (name) => ['DELETE', `/_api/user/${name}`],
    ],
  },
  meuse: {
    records: {
      users: ['ada', 'bob'].map((name) => ({ name, role: 'admin', password: 'password1' })),
      tokens: ['ada', 'bob'].map((user) => ({ user, name: 't', token: meuseToken(user[0]) })),
    },
    who: [withCredential(meuseToken('a')), withCredential(meuseToken('b'))],
    attacks: [
      (name) => ['POST', `/api/v1/meuse/user/${name}`, { body: { role: 'tech' } }],
      (name) => ['POST', `/api/v1/meuse/user/${name}`, { body: { active: false } }],
      (name) => ['DELETE', `/api/v1/meuse/user/${name}`],
    ],
  },
  tyk: {
    records: { users: ['ada', 'bob'].map((id) => ({ id, active: true, email_address: `${id}@x.io`, access_key: id, user_permissions: { IsAdmin: 'admin' } })) },
    who: [withCredential('ada'), withCredential('bob')],
    attacks: [
      (id) => ['PUT', `/api/users/${id}`, { body: { user_permissions: { apis: 'read' } } }],
      (id) => ['PUT', `/api/users/${id}/actions/revoke`],
      (id) => ['DELETE', `/api/users/${id}`],
    ],
  },
}

/**
 * Runs each of these requests for both concurrently, and checks that one administrator remains.
 * @param {string} system
 * @param {() => () => any} prepare makes a store; what it gives makes a handle to it
 */
export async function race(system, prepare) {
  const { records, who, attacks } = concurrentAdmins[system]
  for (const attack of attacks) {
    const open = prepare()
    const directories = [0, 1].map(() => directoryOf(system, open(), { guards: 'strict' }))
    await directories[0].seed(records)
    const headers = [await who[0](directories[0]), await who[1](directories[1])]
    const turn = (/** @type {number} */ index, /** @type {string} */ name) => {
      const [method, path, rest] = attack(name)
      return send(directories[index], method, path, { ...rest, ...headers[index] })
    }
    const answers = await Promise.all([turn(0, 'bob'), turn(1, 'ada')])
    const done = answers.filter(({ status, body }) => status < 300 && body?.success !== false)
    assert.equal(done.length, 1, JSON.stringify(answers.map(({ status, text }) => [status, text])))
    // The remaining administrator cannot remove itself either.
    const winner = answers.indexOf(done[0])
    const last = await turn(winner, ['ada', 'bob'][winner])
    assert.ok(last.status >= 400 || last.body?.success === false, last.text)
  }
}
