// @ts-check
// A right request of every route of the products, for tests that break each of them in every way.

import { publication } from '../wire.mjs'

/** @typedef {{ method: string, path: string, body?: any, open?: boolean }} Route `open`: nobody needs to sign in */

const password = 'long enough'
const tykUser = { first_name: 'N', last_name: 'U', email_address: 'new@example.org', active: true, user_permissions: { apis: 'read' }, password }
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
    { method: 'GET', path: '/_api/version' },
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
  ],
}
