// @ts-check
// Small records of `arangodb` with questions, for the tests of all models.

import { BYTES, changeEachUser, LONG, object, only } from '../../js/support/sample-parts.mjs'

/** @param {any} grants @param {string} resource @returns {import('../../js/support/sample-parts.mjs').Question} */
const question = (grants, resource) => ({ records: { users: { ann: { grants } } }, user: 'ann', action: 'write', resource })

/** @type {import('../../js/support/sample-parts.mjs').Sample} */
export default {
  size: { reached: 32_807, wanted: 34_000 },
  records: {
    users: {
      ann: { grants: { shop: { level: 'ro', collections: { items: 'rw', '*': 'none' } } } },
      bob: { active: false, grants: { '*': { level: 'rw' } } },
    },
    databases: { shop: ['items', 'orders'] },
  },
  user: 'ann',
  allowed: ['write', 'shop/items'],
  denied: ['create-collection', 'shop'],
  kind: 'user.create',
  value: { user: 'ann', passwd: 'secret' },
  named: (name) => ({
    records: {
      users: only(name, { grants: only(name, { level: 'rw', collections: only(name === '__proto__' || name === '__defineGetter__' ? 'c' : name, 'rw') }), extra: only(name, name) }),
      databases: only(name, [name]),
    },
    asked: ['create-collection', name],
  }),
  digests: {
    other: 'bob',
    secrets: {
      passwords: changeEachUser({ passwd: 'secret' }),
      'extra data': changeEachUser({ extra: { a: 1 }, config: { b: 2 } }),
      databases: (records) => ({ ...records, databases: { other: ['x'] } }),
    },
    changes: {
      'a level': (records) => (Object.assign(records.users.ann.grants.shop, { level: 'rw' }), records),
      'a collection': (records) => (delete records.users.ann.grants.shop.collections.items, records),
      'whether one may sign in': (records) => (Object.assign(records.users.ann, { active: false }), records),
    },
    ownRecords: ({ users }) => ({ users: { ann: users.ann } }),
  },
  slices: {
    questions: 100,
    records: { users: { ann: { passwd: 'geheim', grants: { shop: { level: 'rw' } } }, ben: { grants: { shop: { level: 'rw' } } } }, databases: { shop: ['ben'] } },
  },
  unseen: {
    duplicate: ['items of a list are compared by one member', { users: [{ user: 'a' }, { user: 'a', active: true }] }],
    mismatch: ['a member is compared with the name of its object', { users: { a: { user: 'b' } } }],
    too_long: [BYTES, { users: { [LONG]: {} } }],
  },
  growing: [
    ['databases', (count) => question(object(count, (index) => [`name-${index}`, { level: 'rw' }]), 'name-5/things')],
    ['collections', (count) => question({ shop: { level: 'rw', collections: object(count, (index) => [`name-${index}`, 'rw']) } }, 'shop/name-5')],
    ['letters of a name', (count) => question({ ['n'.repeat(count)]: { level: 'rw' } }, `${'n'.repeat(count)}/name`)],
  ],
}
