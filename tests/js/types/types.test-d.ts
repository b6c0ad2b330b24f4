// What the types accept and reject. Compiled, never run: an unused `@ts-expect-error` is an error.

import { LatchworkError, classify, classifyRequest, open, schema, validate } from 'latchwork'
import type { Action, Attributes, Authorizer, ClassifiedRequest, Decision, Kind, LatchworkCode, Level, Question, Records, Subject, SystemName, Systems, ValueOf } from 'latchwork'
import * as one from 'latchwork/meuse'
import * as wso2 from 'latchwork/wso2'
import * as oneWeb from 'latchwork/meuse/web'
import * as web from 'latchwork/web'

/** Does not compile unless both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
function same<A, B>(..._: Same<A, B> extends true ? [] : ['they differ']) {}

// vocabulary.test.mjs compares all names with those of the built module.
type Known = 'antmedia' | 'arangodb' | 'meuse' | 'rbac' | 'tyk' | 'wso2'
same<Extract<SystemName, Known>, Known>()
same<string extends SystemName ? 'any string' : 'a closed union', 'a closed union'>()

// Actions are inferred from the system.
const meuse = open('meuse', { users: [{ name: 'ann', role: 'tech' }] })
same<typeof meuse, Authorizer<'meuse'>>()
same<typeof meuse.system, 'meuse'>()
const ann = meuse.subject('ann')
same<typeof ann, Subject<'meuse'>>()
meuse.subject(null)
ann.can('crate.yank', 'crate:a@1.0.0')
ann.can('user.update', 'user:ann', { fields: ['description'] })
meuse.can(null, 'crate.search', 'crates')
meuse.can(ann, 'crate.list', 'crates')
// @ts-expect-error: another system's action
ann.can('ui.execute', 'crate:a@1.0.0')
// @ts-expect-error: no action of any system
meuse.can('ann', 'crate.steal', 'crate:a')
// @ts-expect-error: a resource is a string
ann.can('crate.list', 5)
// @ts-expect-error: the attributes of this system have other members
ann.can('user.update', 'user:ann', { field: ['role'] })
// @ts-expect-error: a subject of another system
meuse.can(open('tyk', {}).subject('u'), 'crate.list', 'crates')
// @ts-expect-error: only WSO2 has questions about roles
meuse.subject({ role: 'admin' })
const realm = open('wso2', {})
realm.subject({ role: 'admin' }).can('ui.execute', '/permission/admin')
realm.slice({ role: 'admin' })
// @ts-expect-error: a question takes a role only as a prepared subject
realm.can({ role: 'admin' }, 'ui.execute', '/permission/admin')
// @ts-expect-error: a question takes a role only as a prepared subject
realm.decide({ subject: { role: 'admin' }, action: 'ui.execute', resource: '/permission/admin' })
// @ts-expect-error: a question takes a role only as a prepared subject
realm.explain({ subject: { role: 'admin' }, action: 'ui.execute', resource: '/permission/admin' })
// @ts-expect-error: a question takes a role only as a prepared subject
realm.canMany([{ subject: { role: 'admin' }, action: 'ui.execute', resource: '/permission/admin' }])
// @ts-expect-error: other products have no questions about roles
open('arangodb', {}).can({ role: 'admin' }, 'read', 'shop/items')
// @ts-expect-error: other products have no questions about roles
open('tyk', {}).can({ role: 'admin' }, 'read', 'section:apis')
// @ts-expect-error: other products have no questions about roles
open('antmedia', {}).can({ role: 'admin' }, 'read', 'system:users')
// @ts-expect-error: other products have no questions about roles
meuse.decide({ subject: { role: 'admin' }, action: 'crate.list', resource: 'crates' })

const antmedia = open('antmedia', { users: [{ email: 'a@x.io', scope: 'Live', userType: 'USER' }] })
// @ts-expect-error: this system's questions have no attributes
antmedia.can('a@x.io', 'read', 'app:Live/vods', { fields: [] })

// Records are those of the system.
open('arangodb', { users: { ann: { grants: { shop: { level: 'ro', collections: { items: 'rw' } } } } }, mode: 'readonly' })
open('tyk', { users: [{ id: 'u', user_permissions: { apis: 'read' } }], apis: [{ id: 'a', listen_path: '/' }], config: { enable_ownership: true } })
open('wso2', { roles: ['r'], rules: [{ role: 'r', resource: '/a', action: 'read', effect: 'deny' }] })
// So are answers of its own API.
open('arangodb', { users: [{ user: 'ann', active: true, extra: {} }] })
open('arangodb', { error: false, code: 200, result: [{ user: 'ann', active: true, grants: { shop: { permission: 'rw', collections: { items: 'undefined' } } } }] })
open('tyk', { users: [{ id: 'u' }], pages: 1 })
open('tyk', { users: { users: [{ id: 'u' }], pages: 1 }, groups: { groups: [{ id: 'g' }], pages: 0 } })
// @ts-expect-error: users of this system are by name, or have a `user`
open('arangodb', { users: [{ name: 'ann' }] })
// @ts-expect-error: no level
open('arangodb', { users: { ann: { grants: { shop: { level: 'rx' } } } } })
// @ts-expect-error: no role
open('meuse', { users: [{ name: 'ann', role: 'boss' }] })
// @ts-expect-error: an unknown member
open('meuse', { users: [{ name: 'ann', role: 'tech', admin: true }] })
// @ts-expect-error: a user needs an id
open('tyk', { users: [{ active: true }] })
// @ts-expect-error: a rule is for a role or for a user
open('wso2', { rules: [{ role: 'r', user: 'u', resource: '/a', action: 'get', effect: 'allow' }] })
// @ts-expect-error: no system
open('nonsense', {})

// Answers.
const decision = ann.decide('crate.list', 'crates')
same<typeof decision, Decision<'meuse'>>()
same<typeof decision.level, 'read-only' | 'tech' | 'admin' | undefined>()
same<Level<'wso2'>, never>()
same<ReturnType<typeof ann.prepare>, number>()
ann.canId(ann.prepare('crate.list', 'crates'))
ann.canMany(Uint32Array.of(ann.prepare('crate.list', 'crates')))
meuse.explain({ subject: 'ann', action: 'crate.list', resource: 'crates' }).citation.heading.trim()
meuse.canMany(new Set<Question<'meuse'>>([{ subject: ann, action: 'crate.list', resource: 'crates' }])).at(0)
// @ts-expect-error: an answer is not changed
meuse.system = 'tyk'

// Checks.
const checked = validate('meuse', 'user.create', {})
if (checked.problems) checked.problems.map(({ path, code, message }) => `${path}${code}${message}`)
else checked.value.name
meuse.validate('crate.publish', {})
// @ts-expect-error: another system's kind
validate('meuse', 'group.create', {})
// @ts-expect-error: no kind
meuse.validate('user.destroy', {})
schema('tyk', 'group.create')['~standard'].validate({})
// The value is that of its kind, and every kind has one.
if (checked.value) same<typeof checked.value, { name: string; password: string; description: string; active: boolean; role: Level<'meuse'> }>()
same<NonNullable<ReturnType<typeof validate<'wso2', 'role.delete'>>['value']>, { roleName: string }>()
const granted = open('arangodb', {}).validate('grant.set', {})
if (granted.value) same<typeof granted.value.grant, 'none' | 'ro' | 'rw'>()
same<{ [S in SystemName]: Exclude<Kind<S>, keyof Systems[S]['values']> | Exclude<keyof Systems[S]['values'], Kind<S>> }[SystemName], never>()
const searched = schema('tyk', 'user.search')['~standard'].validate({})
if (!searched.issues) same<typeof searched.value, { filters: { query: string } }>()
same<ValueOf<'antmedia', 'password.change'>, { password: string; newPassword: string }>()
// @ts-expect-error: no member of this kind
checked.value?.roleName
// @ts-expect-error: another system's kind
schema('tyk', 'category.create')

// Requests.
const asked = classify('meuse', { method: 'GET', path: '/api/v1/meuse/user', query: new URLSearchParams() })
if (asked) ann.can(asked.action, asked.resource, asked.attributes)
same<typeof asked, ClassifiedRequest<'meuse'> | null>()
classify('tyk', new Request('https://example.org/api/users'))
classifyRequest('meuse', new Request('https://example.org/api/v1/meuse/user')).then((asked) => asked && ann.can(asked.action, asked.resource, asked.attributes))
// @ts-expect-error: no API of this system is known
classifyRequest('arangodb', new Request('https://example.org/'))
// @ts-expect-error: the request may match no route
asked.action
// @ts-expect-error: no API of this system is known
classify('wso2', { method: 'GET', path: '/' })

// Errors.
try {
  open('meuse', {})
} catch (error) {
  if (error instanceof LatchworkError) {
    same<typeof error.code, LatchworkCode>()
    error.toJSON().message.trim()
    switch (error.code) {
      case 'invalid_records':
        error.problems?.forEach(({ path }) => path.trim())
        break
      // @ts-expect-error: no code
      case 'nonsense':
    }
  }
}

// Code that is written for any system.
function first<S extends SystemName>(system: S, records: Records<S>, action: Action<S>, kind: Kind<S>, attributes?: Attributes<S>) {
  validate(system, kind, {})
  return open(system, records).can(null, action, '', attributes)
}
first('tyk', {}, 'GET', 'group.create')
// @ts-expect-error: another system's action
first('tyk', {}, 'crate.list', 'group.create')

using disposed = open('meuse', {})
using anonymous = disposed.subject(null)
open('wso2', {}).subject(null).reach('ui.execute').map((path) => path.trim())
// @ts-expect-error: the model lists nothing
anonymous.reach('crate.list')

// The loader for pages has the same, and `init`.
same<typeof web.open, typeof open>()
same<ReturnType<typeof web.init>, Promise<void>>()
web.init(new URL('https://example.org/latchwork.wasm')).then(() => web.open('meuse', {}))
web.init(new Uint8Array())

// An entry of one model has the same without the name of the model.
const single = one.open({ users: [{ name: 'ann', role: 'tech' }] })
same<typeof single, one.Authorizer>()
single.subject('ann').can('user.update', 'user:ann', { fields: ['role'] })
single.subject('ann').prepare('user.update', 'user:ann', { fields: ['role'] })
wso2.open({}).subject({ role: 'admin' }).reach('ui.execute')
same<one.Action, Action<'meuse'>>()
oneWeb.init().then(() => oneWeb.open({}))
const classified = one.classify({ method: 'GET', path: '/api/v1/meuse/user' })
if (classified) single.can('ann', classified.action, classified.resource, classified.attributes)
const created = one.validate('user.create', {})
if (created.value) created.value.role
// @ts-expect-error: another model's action
single.can('ann', 'ui.execute', 'crates')
// @ts-expect-error: only WSO2 has questions about roles
single.subject({ role: 'tech' })
// @ts-expect-error: no requests of this model have questions
wso2.classify
