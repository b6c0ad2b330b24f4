// @ts-check
// Small records of `wso2` with questions, for the tests of all models.

import { BYTES, changeEachUser, deep, list, LONG, only } from '../../js/support/sample-parts.mjs'

/** @param {any} rest @param {string} [resource] @returns {import('../../js/support/sample-parts.mjs').Question} */
const question = (rest, resource = '/permission/name-5') => ({ records: { users: [{ name: 'ann' }], ...rest }, user: 'ann', action: 'ui.execute', resource })

/** @type {import('../../js/support/sample-parts.mjs').Sample} */
export default {
  size: { reached: 43_778, wanted: 44_000 },
  records: {
    roles: ['maker', 'reader'],
    users: [
      { name: 'ann', roles: ['maker', 'reader'] },
      { name: 'bob', roles: ['reader'] },
    ],
    rules: [
      { role: 'maker', resource: '/permission/admin/manage', action: 'ui.execute', effect: 'allow' },
      { role: 'reader', resource: '/permission/admin/login', action: 'ui.execute', effect: 'allow' },
    ],
  },
  user: 'ann',
  allowed: ['ui.execute', '/permission/admin/manage/api'],
  denied: ['ui.execute', '/permission/admin/configure'],
  role: 'maker',
  reach: ['/permission/admin/login', '/permission/admin/manage'],
  kind: 'user.create',
  value: { userName: 'carol', password: 'secret', roles: [] },
  named: (name) => ({
    records: {
      roles: [name],
      users: [{ name, roles: [name], claims: only(name, name) }],
      rules: [{ role: name, resource: `/${name}`, action: 'ui.execute', effect: 'allow' }],
    },
    asked: ['ui.execute', `/${name}`],
  }),
  digests: {
    other: 'bob',
    ordered: ['rules'],
    secrets: { passwords: changeEachUser({ password: 'secret' }), 'ids and claims': changeEachUser((/** @type {any} */ { name }) => ({ id: `id-${name}`, claims: { mail: 'x' } })) },
    changes: {
      'a role': (records) => (Object.assign(records.users[0], { roles: ['reader'] }), records),
      'a rule': (records) => (Object.assign(records.rules[0], { effect: 'deny' }), records),
    },
    ownRecords: ({ users, roles, rules }) => ({ users: [users[0]], roles, rules }),
  },
  slices: {
    questions: 100,
    records: { roles: ['one', 'of-ben'], users: [{ name: 'ann', password: 'geheim', roles: ['one'] }, { name: 'ben', roles: ['of-ben'] }], rules: [{ user: 'ben', resource: '/permission/a', action: 'ui.execute', effect: 'allow' }, { role: 'of-ben', resource: '/permission/a', action: 'ui.execute', effect: 'allow' }] },
  },
  unseen: {
    duplicate: ['names are compared without their case', { roles: ['abc', 'ABC'] }],
    too_long: [BYTES, { roles: [LONG] }],
    reserved: ['names are compared without their case', { users: [{ name: 'wso2.system.user' }] }],
    unknown_domain: ['a domain is looked up in another list', { roles: ['X/abc'] }],
    unknown_role: ['a name is looked up in another list', { users: [{ name: 'abc', roles: ['abc'] }] }],
    unsupported_regex: ['an expression is compiled', { stores: [{ domain: 'X', role_regex: '(' }] }],
  },
  growing: [
    ['roles of the user', (count) => {
      const roles = list(count, (index) => `Internal/r${index}`)
      return question({ roles, users: [{ name: 'ann', roles }], rules: [{ role: 'Internal/r5', resource: '/permission/name-5', action: 'ui.execute', effect: 'allow' }] })
    }],
    ['rules', (count) => question({ rules: list(count, (index) => ({ user: 'ann', resource: `/permission/name-${index}`, action: 'ui.execute', effect: 'allow' })) })],
    ['roles, each with a rule for the same path and one of its own', (count) => {
      const roles = list(count, (index) => `Internal/r${index}`)
      const rules = roles.flatMap((role, index) => ['/permission', `/permission/name-${index}`].map((resource) => ({ role, resource, action: 'ui.execute', effect: 'allow' })))
      return question({ roles, users: [{ name: 'ann', roles }], rules })
    }],
    ['segments, each with a rule', (count) => question({ rules: list(count, (index) => ({ user: 'ann', resource: `/${deep(index + 1)}`, action: 'ui.execute', effect: 'allow' })) }, `/${deep(count)}`), [4, 32, 256]],
  ],
}
