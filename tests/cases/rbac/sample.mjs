// @ts-check
// Small records of `rbac` with questions, for the tests of all models.

import { BYTES, deep, list, LONG, NAMES, object, only } from '../../js/support/sample-parts.mjs'

/** A user of rbac, and what else its records have. @param {any} user @param {any} [rest] @param {string} [resource] @returns {import('../../js/support/sample-parts.mjs').Question} */
const question = (user, rest = {}, resource = 'shop/name-5') => ({ records: { ...rest, users: { ann: user } }, user: 'ann', action: 'write', resource })

/** @type {import('../../js/support/sample-parts.mjs').Sample} */
export default {
  size: { reached: 60_805, wanted: 34_000 },
  records: {
    roles: { editor: { grants: { 'docs/*': 'write', 'notes/*': { allow: 'write', when: { 'resource.owner': { ref: 'subject.id' } } } } } },
    users: { ann: { roles: ['editor'], attributes: { org: 'acme' } }, bob: { active: false, roles: ['editor'] } },
    limits: { 'docs/42': { level: 'read', unless: { 'subject.org': 'globex' } } },
  },
  user: 'ann',
  allowed: ['write', 'docs/1'],
  denied: ['write', 'docs/42'],
  named: (name) => ({
    records: {
      actions: Object.fromEntries(NAMES.map((name) => [name, null])),
      roles: only(name, { grants: only(name, name) }),
      groups: only(name, { roles: [name] }),
      users: only(name, { groups: [name], attributes: only(name, name) }),
    },
    asked: [name, name],
  }),
  unseen: {
    ambiguous_resource: ['shapes are compared with each other', { resources: { a: '{x}/b', c: '{y}/b' } }],
    bad_grant: ['the first of the levels is elsewhere', { levels: ['a', 'b'], everyone: { grants: { x: 'a' } } }],
    bad_resource: ['parts of a shape are compared with each other', { resources: { a: '{id}/{id}' } }],
    bad_time: ['two members are compared', { everyone: { grants: { a: { allow: 'read', from: 2, until: 1 } } } }],
    duplicate: ['levels and actions are compared with each other', { levels: ['a', 'b'], actions: { b: 'b' } }],
    inheritance_cycle: ['names are looked up', { roles: { a: { inherits: ['a'] } } }],
    out_of_range: ['the entries of all patterns are counted', { limits: { a: Array(6000).fill('read'), b: Array(6000).fill('read') } }],
    too_long: [BYTES, { roles: { [LONG]: {} } }],
    unknown_group: ['names are looked up', { users: { a: { groups: ['b'] } } }],
    unknown_level: ['names are looked up', { levels: ['a', 'b'], actions: { x: 'c' } }],
    unknown_name: ['names are looked up', { actions: { a: null }, everyone: { grants: { x: 'b' } } }],
    unknown_role: ['names are looked up', { everyone: { roles: ['a'] } }],
  },
  growing: [
    ['grants', (count) => question({ grants: object(count, (index) => [`shop/name-${index}`, 'write']) })],
    ['grants with `*` at the same place', (count) => question({ grants: object(count, (index) => [`*/name-${index}`, 'write']) })],
    ['grants whose names are longer and longer', (count) => question({ grants: object(count, (index) => [`shop/${'n'.repeat(index % 200)}-${index}`, 'write']) }, {}, 'shop/n')],
    ['conditions of one path', (count) => question({ grants: { 'shop/*': list(count, (index) => ({ allow: 'write', when: { 'resource.owner': `user-${index}` } })) } })],
    ['roles', (count) => question({ roles: list(count, (index) => `role-${index}`) }, { roles: object(count, (index) => [`role-${index}`, { grants: { [`other-${index}/*`]: 'write' } }]) })],
    ['groups', (count) => question({ groups: list(count, (index) => `group-${index}`) }, { roles: { reader: { grants: { 'shop/*': 'read' } } }, groups: object(count, (index) => [`group-${index}`, { roles: ['reader'] }]) })],
    ['limits', (count) => question({ grants: { 'shop/*': 'write' } }, { limits: object(count, (index) => [`other/name-${index}`, 'read']) })],
    ['segments', (count) => question({ grants: { [deep(count)]: 'write' } }, {}, deep(count)), [2, 8, 32]],
    ['grants on each way through the path', (count) => question({ grants: object(count, (index) => [list(8, (place) => (index & (1 << place) ? '*' : `part${place}`)).join('/'), 'write']) }, {}, deep(8)), [4, 32, 256]],
  ],
}
