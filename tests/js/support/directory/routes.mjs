// @ts-check
// A valid request for every route of the products, for tests that break each of them.

import { publication } from '../case-request.mjs'

/**
 * `open`: the route needs no credentials; `as`: with another credential than all others; GROUP: the id of the role `staff`.
 * @typedef {{ method: string, path: string, body?: any, open?: boolean, as?: string }} Route
 */

const LARGER = /^(PUT \/api\/v1\/crates\/new|(POST|PUT|PATCH) \/scim2\/Groups.*|POST \/services\/UserAdmin\/(addRole|addInternalRole|updateUsersOfRole|addRemoveUsersOfRole)|POST .*\/_api\/document\/items)$/

/** Whether a route takes a body of more than 64 KiB. @param {Route} route */
export const takesMore = ({ method, path }) => LARGER.test(`${method} ${path}`)

const password = 'long enough'
const tykUser = { first_name: 'N', last_name: 'U', email_address: 'new@example.org', active: true, user_permissions: { apis: 'read' }, password }
const grant = { scope: 'LiveApp', userType: 'USER' }
const scimOf = (/** @type {any} */ ...operations) => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations })
const arangoUser = ['ann', 'database', 'shop', 'items']

/** @type {Record<string, Route[]>} */
export const routes = {
  arangodb: [
    { method: 'GET', path: '/_api/user' },
    { method: 'POST', path: '/_api/user', body: { user: 'new', passwd: 'x', active: true, extra: { a: 1 } } },
    ...['GET', 'DELETE'].map((method) => ({ method, path: '/_api/user/ann' })),
    { method: 'POST', path: '/_api/user/ann', body: { passwd: 'annpass' } },
    ...['PUT', 'PATCH'].map((method) => ({ method, path: '/_api/user/ann', body: { passwd: 'x', active: false, extra: { b: 2 } } })),
    { method: 'GET', path: '/_api/user/ann/database?full=true' },
    ...[3, 4].flatMap((length) => {
      const path = `/_api/user/${arangoUser.slice(0, length).join('/')}`
      return [{ method: 'GET', path }, { method: 'PUT', path, body: { grant: 'rw' } }, { method: 'DELETE', path }]
    }),
    ...['GET', 'DELETE'].flatMap((method) => ['/_api/user/ann/config', '/_api/user/ann/config/theme'].map((path) => ({ method, path }))),
    { method: 'PUT', path: '/_api/user/ann/config/theme', body: { value: 'light' } },
    { method: 'POST', path: '/_open/auth', body: { username: 'ann', password: 'annpass' }, open: true },
    { method: 'GET', path: '/_api/token/ann' },
    { method: 'POST', path: '/_api/token/ann', body: { name: 'nightly', valid_until: 4_000_000_000 } },
    { method: 'DELETE', path: '/_api/token/ann/1' },
    { method: 'GET', path: '/_api/version' },
    { method: 'GET', path: '/_admin/server/availability', open: true },
    ...['/_api/database', '/_api/database/current', '/_api/database/user', '/_api/collection', '/_db/shop/_api/collection', '/_db/shop/_api/collection/items/properties'].map((path) => ({ method: 'GET', path })),
    { method: 'POST', path: '/_api/database', body: { name: 'other', users: [{ username: 'ann', passwd: 'x' }] } },
    { method: 'DELETE', path: '/_api/database/shop' },
    { method: 'POST', path: '/_db/shop/_api/collection', body: { name: 'more' } },
    { method: 'POST', path: '/_db/shop/_api/document/items', body: { a: 1 } },
  ],
  meuse: [
    { method: 'POST', path: '/api/v1/meuse/user', body: { description: 'd', password, name: 'new', active: true, role: 'tech' } },
    { method: 'GET', path: '/api/v1/meuse/user' },
    { method: 'POST', path: '/api/v1/meuse/user/ann', body: { description: 'd', password, active: true, role: 'tech' } },
    { method: 'DELETE', path: '/api/v1/meuse/user/ann' },
    { method: 'POST', path: '/api/v1/meuse/token', body: { name: 't', user: 'ann', password: 'annpass1', validity: 10 }, open: true },
    { method: 'GET', path: '/api/v1/meuse/token?user=ann' },
    { method: 'DELETE', path: '/api/v1/meuse/token', body: { name: 'a', user: 'ann' } },
    { method: 'POST', path: '/api/v1/meuse/category', body: { name: 'c', description: 'd' } },
    { method: 'GET', path: '/api/v1/meuse/category' },
    { method: 'POST', path: '/api/v1/meuse/category/tools', body: { name: 'tool', description: 'd' } },
    ...['crate', 'crate/latch', 'check', 'statistics'].map((name) => ({ method: 'GET', path: `/api/v1/meuse/${name}` })),
    { method: 'GET', path: '/api/v1/crates?q=latch', open: true },
    { method: 'PUT', path: '/api/v1/crates/new', body: publication(JSON.stringify({ name: 'fresh', vers: '1.0.0', deps: [], features: {}, authors: [], yanked: false })) },
    { method: 'PUT', path: '/api/v1/crates/latch/owners', body: { users: ['root'] } },
    { method: 'DELETE', path: '/api/v1/crates/latch/owners', body: { users: ['ann'] } },
    { method: 'GET', path: '/api/v1/crates/latch/owners' },
    { method: 'DELETE', path: '/api/v1/crates/latch/1.0.0/yank' },
    { method: 'PUT', path: '/api/v1/crates/latch/1.1.0/unyank' },
    { method: 'GET', path: '/api/v1/crates/latch/1.0.0/download', open: true },
    { method: 'GET', path: '/api/v1/mirror/latch/1.0.0/download', open: true },
    { method: 'POST', path: '/api/v1/mirror/latch/1.0.0/cache' },
  ],
  tyk: [
    ...['/api/users', '/api/users?p=-1', '/api/users/me', '/api/users/ann', '/api/users/search?q=ann', '/api/usergroups', '/api/usergroups/team'].flatMap((path) => ['GET', 'HEAD'].map((method) => ({ method, path }))),
    { method: 'POST', path: '/api/users', body: tykUser },
    { method: 'POST', path: '/api/users/search', body: { filters: { query: 'ann' } } },
    { method: 'PUT', path: '/api/users/ann', body: { ...tykUser, group_id: 'team', password_max_days: 3, api_model: { a: 1 } } },
    { method: 'DELETE', path: '/api/users/ann' },
    ...['key/reset', 'revoke'].map((action) => ({ method: 'PUT', path: `/api/users/ann/actions/${action}` })),
    { method: 'POST', path: '/api/users/ann/actions/reset', body: { new_password: password } },
    { method: 'POST', path: '/api/users/root/actions/reset', body: { current_password: 'rootpass', new_password: password } },
    { method: 'POST', path: '/api/usergroups', body: { name: 'G', description: 'd', active: true, password_max_days: 3, user_permissions: { apis: 'read' } } },
    { method: 'PUT', path: '/api/usergroups/team', body: { name: 'H', user_permissions: { keys: 'write' } } },
    { method: 'DELETE', path: '/api/usergroups/team' },
    { method: 'POST', path: '/api/login', body: { email_address: 'ann@example.org', password: 'annpass1' }, open: true },
    { method: 'POST', path: '/api/password/forgot', body: { email_address: 'ann@example.org' }, open: true },
    { method: 'POST', path: '/api/password/reset', body: { token: 'link-of-ann', new_password: password }, open: true },
    { method: 'POST', path: '/api/logout', as: 'session' },
    { method: 'POST', path: '/admin/users', body: { ...tykUser, org_id: 'other' }, as: 'admin-auth' },
    { method: 'PUT', path: '/admin/users/ann', body: { ...tykUser, email_address: 'ann@example.org' }, as: 'admin-auth' },
    ...['allow', 'disallow'].map((word) => ({ method: 'PUT', path: `/admin/users/ann/actions/${word}_reset_passwords`, as: 'admin-auth' })),
  ],
  wso2: [
    ...Object.entries({
      addUser: { userName: 'new', password: 'longenough', roles: ['staff'], claims: { nickname: 'n' } },
      listUsers: { filter: '*', limit: 10 },
      changePassword: { userName: 'ann', newPassword: 'longenough' },
      changePasswordByUser: { userName: 'ann', oldPassword: 'annpass1', newPassword: 'longenough' },
      deleteUser: { userName: 'ann' },
      updateRolesOfUser: { userName: 'ann', newRoles: ['Internal/guests'], deletedRoles: ['staff'] },
      addRemoveRolesOfUser: { userName: 'ann', newRoles: ['Internal/guests'], deletedRoles: ['staff'] },
      addRole: { roleName: 'more', userList: ['ann'], permissions: ['/permission/admin/login'] },
      addInternalRole: { roleName: 'more', userList: ['ann'], permissions: ['/permission/admin/login'] },
      setRoleUIPermission: { roleName: 'staff', rawResources: ['/permission/admin/login'] },
      updateRoleName: { roleName: 'staff', newRoleName: 'crew' },
      deleteRole: { roleName: 'staff' },
      updateUsersOfRole: { roleName: 'staff', newUsers: ['root'], deletedUsers: ['ann'] },
      addRemoveUsersOfRole: { roleName: 'staff', newUsers: ['root'], deletedUsers: ['ann'] },
      getRolesOfCurrentUser: {},
      listDomains: {},
    }).map(([operation, body]) => ({ method: 'POST', path: `/services/UserAdmin/${operation}`, body, open: operation === 'changePasswordByUser' })),
    { method: 'POST', path: '/api/am/devportal/v3/me/change-password', body: { currentPassword: 'rootpass', newPassword: 'longenough' } },
    ...['ServiceProviderConfig', 'ResourceTypes', 'ResourceTypes/User', 'Schemas', 'Schemas/urn:ietf:params:scim:schemas:core:2.0:Group'].map((name) => ({ method: 'GET', path: `/scim2/${name}`, open: true })),
    ...['Users', 'Users?filter=userName%20sw%20%22a%22&attributes=userName', 'Users/ann', 'Me', 'Groups', 'Groups/GROUP?excludedAttributes=members'].map((name) => ({ method: 'GET', path: `/scim2/${name}` })),
    ...['Users/.search', 'Groups/.search', '.search'].map((name) => ({ method: 'POST', path: `/scim2/${name}`, body: { filter: 'id pr', attributes: ['id'], startIndex: 1, count: 5 } })),
    { method: 'POST', path: '/scim2/Users', body: { userName: 'new', password: 'longenough', active: true, name: { givenName: 'N' }, emails: [{ value: 'n@example.org', primary: true }] } },
    { method: 'PUT', path: '/scim2/Users/ann', body: { userName: 'ann', nickName: 'n', active: false } },
    { method: 'PATCH', path: '/scim2/Users/ann', body: scimOf({ op: 'add', path: 'emails', value: [{ type: 'work', value: 'a@example.org' }] }, { op: 'replace', path: 'emails[type eq "work"].value', value: 'b@example.org' }, { op: 'replace', value: { active: false } }, { op: 'remove', path: 'emails' }) },
    { method: 'PUT', path: '/scim2/Me', body: { userName: 'root', nickName: 'n' } },
    { method: 'PATCH', path: '/scim2/Me', body: scimOf({ op: 'replace', path: 'nickName', value: 'n' }) },
    { method: 'POST', path: '/scim2/Groups', body: { displayName: 'more', members: [{ value: 'ann' }] } },
    { method: 'PUT', path: '/scim2/Groups/GROUP', body: { displayName: 'staff', members: [{ value: 'root' }] } },
    { method: 'PATCH', path: '/scim2/Groups/GROUP', body: scimOf({ op: 'remove', path: 'members[value eq "ann"]' }) },
    ...['Users/ann', 'Groups/GROUP'].map((name) => ({ method: 'DELETE', path: `/scim2/${name}` })),
    { method: 'POST', path: '/scim2/Bulk', body: { Operations: [{ method: 'DELETE', path: '/Users/ann' }] } },
  ],
  antmedia: [
    { method: 'POST', path: '/rest/v2/users', body: { email: 'new', password, ...grant, firstName: 'N', picture: 'p' } },
    { method: 'POST', path: '/rest/v2/users', body: { email: 'new', password, appNameUserType: { LiveApp: 'ADMIN' } } },
    { method: 'PUT', path: '/rest/v2/users', body: { email: 'ann', newPassword: password, ...grant, lastName: 'B' } },
    { method: 'DELETE', path: '/rest/v2/users/ann' },
    { method: 'POST', path: '/rest/v2/users/authenticate', body: { email: 'ann', password: 'annpass1' }, open: true },
    { method: 'POST', path: '/rest/v2/users/password', body: { password: 'rootpass', newPassword: password } },
    { method: 'POST', path: '/rest/v2/users/initial', body: { email: 'new', password }, open: true },
    { method: 'DELETE', path: '/rest/v2/users/logout' },
    ...['GET', 'HEAD'].flatMap((method) => [
      ...['users/ann/blocked', 'first-login-status', 'authentication-status'].map((name) => ({ method, path: `/rest/v2/${name}`, open: true })),
      ...['user-list', 'admin-status', 'version'].map((name) => ({ method, path: `/rest/v2/${name}` })),
    ]),
  ],
}
