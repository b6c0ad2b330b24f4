// @ts-check
// Strict guards through the package: two admins who take each other's rights away at once leave one, on every store.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { libsqlStore } from 'latchwork/stores/libsql'
import { memoryStore } from 'latchwork/stores/memory'
import { basic, directoryOf, meuseToken, send } from './products.mjs'

/** Who makes a store, and another handle to the same one. @type {Record<string, (context: any) => () => any>} */
const places = {
  memory: () => {
    const store = memoryStore()
    return () => store
  },
  libsql: (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'latchwork-'))
    /** @type {any[]} */
    const open = []
    context.after(async () => {
      for (const store of open) await store.close()
      rmSync(folder, { recursive: true, force: true })
    })
    return () => {
      const store = libsqlStore({ file: join(folder, 'directory.db') })
      open.push(store)
      return store
    }
  },
}

/** @typedef {[method: string, path: string, rest?: any]} Call */

/** @param {string} email */
const antmediaSession = (email) => async (/** @type {any} */ directory) => {
  const { headers } = await send(directory, 'POST', '/rest/v2/users/authenticate', { body: { email, password: 'password1' } })
  return { headers: { cookie: headers.get('set-cookie')?.split(';')[0] ?? '' } }
}
const known = (/** @type {string} */ as) => async () => ({ as })

/**
 * Two admins, `ada` and `bob`: how each is known, and the requests by which one takes the other's rights or account.
 * @type {Record<string, { records: any, who: ((directory: any) => Promise<any>)[], attacks: ((name: string) => Call)[] }>}
 */
const products = {
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
    who: [known(basic('ada:ada')), known(basic('bob:bob'))],
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
    who: [known(meuseToken('a')), known(meuseToken('b'))],
    attacks: [
      (name) => ['POST', `/api/v1/meuse/user/${name}`, { body: { role: 'tech' } }],
      (name) => ['POST', `/api/v1/meuse/user/${name}`, { body: { active: false } }],
      (name) => ['DELETE', `/api/v1/meuse/user/${name}`],
    ],
  },
  tyk: {
    records: { users: ['ada', 'bob'].map((id) => ({ id, active: true, email_address: `${id}@x.io`, access_key: id, user_permissions: { IsAdmin: 'admin' } })) },
    who: [known('ada'), known('bob')],
    attacks: [
      (id) => ['PUT', `/api/users/${id}`, { body: { user_permissions: { apis: 'read' } } }],
      (id) => ['PUT', `/api/users/${id}/actions/revoke`],
      (id) => ['DELETE', `/api/users/${id}`],
    ],
  },
}

for (const [place, prepare] of Object.entries(places)) {
  for (const [system, { records, who, attacks }] of Object.entries(products)) {
    test(`${system} on ${place}: of two admins who turn on each other at once one is left`, async (context) => {
      for (const attack of attacks) {
        const open = prepare(context)
        const directories = [0, 1].map(() => directoryOf(system, open(), { options: { guards: 'strict' } }))
        await directories[0].seed(records)
        const headers = [await who[0](directories[0]), await who[1](directories[1])]
        const turn = (/** @type {number} */ index, /** @type {string} */ name) => {
          const [method, path, rest] = attack(name)
          return send(directories[index], method, path, { ...rest, ...headers[index] })
        }
        const answers = await Promise.all([turn(0, 'bob'), turn(1, 'ada')])
        const done = answers.filter(({ status, body }) => status < 300 && body?.success !== false)
        assert.equal(done.length, 1, JSON.stringify(answers.map(({ status, text }) => [status, text])))
        // Who is left can not leave either.
        const winner = answers.indexOf(done[0])
        const last = await turn(winner, ['ada', 'bob'][winner])
        assert.ok(last.status >= 400 || last.body?.success === false, last.text)
      }
    })
  }
}

test('a refusal has the form of the product and the code of the guard', async () => {
  const { records, who } = products.meuse
  const directory = directoryOf('meuse', memoryStore(), { options: { guards: 'strict' } })
  await directory.seed(records)
  const answer = await send(directory, 'DELETE', '/api/v1/meuse/user/ada', await who[0](directory))
  assert.deepEqual([answer.status, answer.headers.get('latchwork-guard'), Object.keys(answer.body)], [403, 'own_rights', ['errors']])
})

test('records without anybody who could manage users are refused', async () => {
  const directory = directoryOf('meuse', memoryStore(), { options: { guards: 'strict' } })
  await assert.rejects(directory.seed(/** @type {any} */ ({ users: [{ name: 'ada', role: 'admin' }] })), { name: 'LatchworkError', code: 'no_admin' })
})
