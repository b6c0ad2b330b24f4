// @ts-check
// Small records of `tyk` with questions, for the tests of all models.

import { BYTES, changeEachUser, list, LONG, object, only } from '../../js/support/sample-parts.mjs'

/** @param {any} user @param {any} [rest] @param {string} [resource] @returns {import('../../js/support/sample-parts.mjs').Question} */
const question = (user, rest = {}, resource = 'section:name-5') => ({ records: { ...rest, users: [{ id: 'ann', active: true, ...user }] }, user: 'ann', action: resource.startsWith('path:') ? 'GET' : 'write', resource })

/** @type {import('../../js/support/sample-parts.mjs').Sample} */
export default {
  size: { reached: 46_420, wanted: 44_000 },
  records: {
    users: [
      { id: 'u1', active: true, org_id: 'o', user_permissions: { apis: 'write', log: 'read' } },
      { id: 'u2', active: true, org_id: 'o', group_id: 'g1' },
    ],
    groups: [{ id: 'g1', active: true, org_id: 'o', user_permissions: { policies: 'read' } }],
    apis: [{ id: 'a1', org_id: 'o', user_owners: ['u1'] }],
    config: { enable_ownership: true },
  },
  user: 'u1',
  allowed: ['write', 'section:apis'],
  denied: ['write', 'section:log'],
  kind: 'password.forgot',
  value: { email_address: 'u@example.org' },
  named: (name) => ({
    records: {
      users: [{ id: name, active: true, org_id: name, user_permissions: only(name, 'write') }],
      apis: [{ id: name, ...only(name, name) }],
      additional_permissions: only(name, name),
    },
    asked: ['write', `section:${name}`],
  }),
  digests: {
    other: 'u2',
    secrets: {
      'passwords and keys': changeEachUser((/** @type {any} */ { id }) => ({ password: 'secret', access_key: `key-${id}`, password_updated: '2024-01-01', password_max_days: 5 })),
      sessions: changeEachUser((/** @type {any} */ { id }) => ({ sessions: [`session-${id}`] })),
      names: changeEachUser((/** @type {any} */ { id }) => ({ first_name: 'A', last_name: 'B', email_address: `${id}@x.io`, api_model: { a: 1 } })),
      'reset tokens': (records) => ({ ...records, reset_tokens: [{ token: 't', user: 'u1', issued_at: 5 }] }),
      'the secret of the admin API': (records) => ({ ...records, config: { ...records.config, admin_secret: 'secret', login_failure_username_limit: 3 } }),
    },
    changes: {
      'a permission': (records) => (Object.assign(records.users[0].user_permissions, { apis: 'read' }), records),
      'a section': (records) => (Object.assign(records.users[0].user_permissions, { keys: 'read' }), records),
      'whether one may sign in': (records) => (Object.assign(records.users[0], { active: false }), records),
    },
    ownRecords: ({ users, apis, config }) => ({ users: [users[0]], apis, config }),
  },
  slices: {
    questions: 100,
    records: { users: [{ id: 'ann', active: true, org_id: 'one', group_id: 'g', password: 'geheim' }, { id: 'ben', org_id: 'one' }], groups: [{ id: 'g', org_id: 'one' }, { id: 'g-ben', org_id: 'one' }], apis: [{ id: 'api', user_owners: ['ben', 'ann'], user_group_owners: ['g-ben'] }] },
  },
  unseen: {
    duplicate: ['items of a list are compared by one member', { groups: [{ id: 'a' }, { id: 'a', name: 'b' }] }],
    too_long: [BYTES, { groups: [{ id: LONG }] }],
    unsupported_regex: ['an expression is compiled', { permissions: [{ permission: 'a', rx: '(' }] }],
  },
  growing: [
    ['permissions', (count) => question({ user_permissions: object(count, (index) => [`name-${index}`, 'write']) })],
    ['groups', (count) => question({ group_id: 'name-5' }, { groups: list(count, (index) => ({ id: `name-${index}`, user_permissions: { 'name-5': 'write' } })) })],
    ['entries of the map of paths', (count) => question({ user_permissions: { 'name-5': 'write' } }, { permissions: list(count, (index) => ({ permission: `name-${index}`, rx: `^/api/area-${index}/[^/]+(/keys)?$` })) }, 'path:/api/area-5/thing')],
    ['entries that match the same path', (count) => question({ user_permissions: { 'name-5': 'write' } }, { permissions: list(count, (index) => ({ permission: `name-${index}`, rx: '^/api/.*[a-z]+$' })) }, 'path:/api/area-5/thing')],
    ['letters of an expression', (count) => question({ user_permissions: { name: 'write' } }, { permissions: [{ permission: 'name', rx: `^/api/(${'a?'.repeat(count)})*$` }] }, 'path:/api/aaaaaaaaaaaa'), [4, 16, 64]],
  ],
}
