// @ts-check
// Small records of `antmedia` with questions, for the tests of all models.

import { BYTES, changeEachUser, LONG, object, only } from '../../js/support/sample-parts.mjs'

/** @param {any} user @param {string} resource @returns {import('../../js/support/sample-parts.mjs').Question} */
const question = (user, resource) => ({ records: { users: [{ email: 'ann', ...user }] }, user: 'ann', action: 'update', resource })

/** @type {import('../../js/support/sample-parts.mjs').Sample} */
export default {
  size: { reached: 33_202, wanted: 34_000 },
  records: {
    users: [
      { email: 'ann@x.io', appNameUserType: { Live: 'USER', Archive: 'READ_ONLY' } },
      { email: 'bob@x.io', scope: 'system', userType: 'ADMIN' },
    ],
  },
  user: 'ann@x.io',
  allowed: ['create', 'app:Live/broadcasts'],
  denied: ['create', 'app:Archive/broadcasts'],
  kind: 'user.create',
  value: { email: 'c@x.io', password: 'pass', scope: 'Live', userType: 'USER' },
  named: (name) => ({
    records: { users: [{ email: name, appNameUserType: only(name, 'ADMIN') }] },
    asked: ['update', `app-settings:${name}`],
  }),
  digests: {
    other: 'bob@x.io',
    secrets: { passwords: changeEachUser({ password: 'secret', newPassword: 'other' }), names: changeEachUser({ firstName: 'Ann', picture: 'x.png' }) },
    changes: { 'a type': (records) => (Object.assign(records.users[0].appNameUserType, { Live: 'ADMIN' }), records), 'a scope': (records) => (Object.assign(records.users[0].appNameUserType, { More: 'USER' }), records) },
    ownRecords: ({ users }) => ({ users: [users[0]] }),
  },
  slices: {
    questions: 100,
    records: { users: [{ email: 'ann', password: 'geheim', scope: 'A', userType: 'USER' }, { email: 'ben', scope: 'A', userType: 'ADMIN' }] },
  },
  unseen: {
    duplicate: ['items of a list are compared by one member', { users: [{ email: 'a' }, { email: 'a', scope: 'x' }] }],
    too_long: [BYTES, { users: [{ email: LONG }] }],
  },
  growing: [
    ['applications of a user', (count) => question({ appNameUserType: object(count, (index) => [`name-${index}`, 'USER']) }, 'app:name-5/broadcasts/stream')],
    ['letters of a name', (count) => question({ appNameUserType: { ['n'.repeat(count)]: 'USER' } }, `app:${'n'.repeat(count)}/broadcasts/stream`)],
  ],
}
