// @ts-check
// Small records of `meuse` with questions, for the tests of all models.

import { BYTES, changeEachUser, list, LONG } from '../../js/support/sample-parts.mjs'

/** @param {any} rest @param {string} resource @returns {import('../../js/support/sample-parts.mjs').Question} */
const question = (rest, resource) => ({ records: { users: [{ name: 'ann', role: 'tech' }], ...rest }, user: 'ann', action: 'crate.yank', resource })

/** @type {import('../../js/support/sample-parts.mjs').Sample} */
export default {
  size: { reached: 33_844, wanted: 34_000 },
  records: {
    users: [
      { name: 'ann', role: 'tech' },
      { name: 'bob', role: 'admin', active: false },
    ],
    crates: [
      { name: 'latch', owners: ['ann'], versions: ['1.0.0'] },
      { name: 'other', owners: ['bob'], versions: ['0.1.0'] },
    ],
    categories: [{ name: 'web', description: 'Web' }],
  },
  user: 'ann',
  allowed: ['crate.yank', 'crate:latch@1.0.0'],
  denied: ['crate.yank', 'crate:other@0.1.0'],
  kind: 'category.create',
  value: { name: 'web', description: 'Web' },
  named: (name) => ({
    records: {
      users: [{ name, role: 'tech' }],
      crates: [{ name, owners: [name], versions: ['1.0.0'] }],
      tokens: [{ user: name, name }],
      categories: [{ name }],
    },
    asked: ['crate.yank', `crate:${name}@1.0.0`],
  }),
  digests: {
    other: 'bob',
    secrets: {
      passwords: changeEachUser({ password: '$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA', description: 'x', id: 'i' }),
      tokens: (records) => ({ ...records, tokens: [{ user: 'ann', name: 't', token: '$argon2id$', validity: 5, created_at: 1 }] }),
      categories: (records) => ({ ...records, categories: [] }),
      versions: (records) => ({ ...records, crates: records.crates.map((/** @type {any} */ one) => ({ ...one, versions: [{ version: '2.0.0', yanked: true }] })) }),
    },
    changes: {
      'a role': (records) => (Object.assign(records.users[0], { role: 'admin' }), records),
      'whether one may sign in': (records) => (Object.assign(records.users[0], { active: false }), records),
      'an owner': (records) => (records.crates[1].owners.push('ann'), records),
    },
    ownRecords: ({ users, crates }) => ({ users: [users[0]], crates: [crates[0], { name: 'other', versions: [] }] }),
  },
  slices: {
    questions: 100,
    records: { users: [{ name: 'ann', role: 'tech', password: 'geheim' }, { name: 'ben', role: 'tech' }], crates: [{ name: 'one', owners: ['ann', 'ben'] }], tokens: [{ user: 'ben', name: 'laptop' }] },
  },
  unseen: {
    duplicate: ['items of a list are compared by one member', { categories: [{ name: 'a' }, { name: 'a', id: 'b' }] }],
    too_long: [BYTES, { categories: [{ name: LONG }] }],
    unknown_user: ['a name is looked up in another list', { tokens: [{ user: 'a', name: 'b' }] }],
    unknown_value: ['a name is looked up in another list', { crates: [{ name: 'a', categories: ['b'] }] }],
  },
  growing: [
    ['crates', (count) => question({ crates: list(count, (index) => ({ name: `name-${index}`, versions: ['1.0.0'], owners: ['ann'] })) }, 'crate:name-5@1.0.0')],
    ['owners of a crate', (count) => question({ users: [{ name: 'ann', role: 'tech' }, ...list(count, (index) => ({ name: `name-${index}`, role: 'tech' }))], crates: [{ name: 'name', versions: ['1.0.0'], owners: [...list(count, (index) => `name-${index}`), 'ann'] }] }, 'crate:name@1.0.0')],
    ['tokens', (count) => question({ tokens: list(count, (index) => ({ user: 'ann', name: `name-${index}` })), crates: [{ name: 'name', versions: ['1.0.0'], owners: ['ann'] }] }, 'crate:name@1.0.0')],
    ['versions', (count) => question({ crates: [{ name: 'name', versions: list(count, (index) => `1.0.${index}`), owners: ['ann'] }] }, 'crate:name@1.0.5')],
  ],
}
