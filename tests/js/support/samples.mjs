// @ts-check
// Small samples of every system: records, a user in them, an allowed question, a denied one, and a form.

/** @typedef {import('latchwork').SystemName} SystemName */
/** The models of products: `rbac` has no words of its own, and no forms. @typedef {Exclude<SystemName, 'rbac'>} Product */
/** @typedef {[action: string, resource: string, attributes?: unknown]} Asked */
/** `kind` is the form of `value`, where the system has forms. @typedef {{ records: any, user: string, allowed: Asked, denied: Asked, kind: any, value: any }} Sample */

/** @type {{ [S in SystemName]: Sample }} */
export const samples = {
  antmedia: {
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
  },
  arangodb: {
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
  },
  meuse: {
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
  },
  rbac: {
    records: {
      roles: { editor: { grants: { 'docs/*': 'write', 'notes/*': { allow: 'write', when: { 'resource.owner': { ref: 'subject.id' } } } } } },
      users: { ann: { roles: ['editor'], attributes: { org: 'acme' } }, bob: { active: false, roles: ['editor'] } },
      limits: { 'docs/42': { level: 'read', unless: { 'subject.org': 'globex' } } },
    },
    user: 'ann',
    allowed: ['write', 'docs/1'],
    denied: ['write', 'docs/42'],
    kind: undefined,
    value: undefined,
  },
  tyk: {
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
  },
  wso2: {
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
    kind: 'user.create',
    value: { userName: 'carol', password: 'secret', roles: [] },
  },
}

/** @type {SystemName[]} */
export const systems = /** @type {SystemName[]} */ (Object.keys(samples))

/** The systems with words and forms of their own. */
export const products = /** @type {Product[]} */ (systems.filter((system) => samples[system].kind !== undefined))

/**
 * The package with its types taken off, for tests that pass what types forbid.
 * @param {typeof import('latchwork')} latchwork
 * @returns {any}
 */
export function untyped(latchwork) {
  return latchwork
}
