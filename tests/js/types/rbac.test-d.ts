// What the types of `latchwork/rbac` infer from a document. Compiled, never run: an expected error that does not occur is an error.

import { open } from 'latchwork/rbac'
import * as server from 'latchwork/rbac/server'
import type { Action, Authorizer, Decision, Explanation, Level, Question, RbacDocument, RbacGrantFound, RbacHolder, RbacNearMiss, RbacRecord, RbacResource, RbacTyped, RbacWords, Subject } from 'latchwork/rbac'

/** Fails to compile unless both are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
function same<A, B>(..._: Same<A, B> extends true ? [] : ['they differ']) {}

const policy = {
  $schema: './node_modules/latchwork/schemas/rbac.json',
  description: 'a newsroom',
  levels: ['none', 'read', 'write', 'admin'],
  actions: { view: 'read', edit: 'write', publish: null },
  resources: { doc: '{org}/docs/{id}', post: 'posts/{id}', home: 'home', odd: '\\{x}/{id}' },
  roles: {
    viewer: { grants: { 'docs/**': 'read' } },
    editor: { inherits: ['viewer'], grants: { 'docs/*': ['write', 'publish'] } },
    author: { grants: { 'posts/*': { allow: 'write', when: { 'resource.owner': { ref: 'subject.id' } } } } },
  },
  groups: { press: { roles: ['author', { role: 'editor', scope: 'acme', until: 1798761600 }] } },
  everyone: { grants: { 'posts/*': { allow: ['read', 'view'], when: [{ 'resource.published': true }, { 'context.tier': ['gold', 'silver'] }] } } },
  authenticated: { roles: ['viewer'], grants: { 'users/{subject}': 'write' } },
  users: { alice: { groups: ['press'], active: true, attributes: { org: 'acme' }, roles: [{ role: 'viewer', scope: 'globex' }], grants: { 'acme/docs/42': ['publish', { allow: 'read', from: 1 }] } } },
  limits: {
    'acme/docs/42': 'none',
    'globex/**': { level: 'read', unless: { 'subject.clearance': { not: ['low'] }, 'context.mfa': true } },
    'posts/*': [{ deny: ['publish', 'edit'], unless: { 'resource.total': { atMost: 1000 } } }, { deny: 'admin' }, 'write'],
  },
} as const

// A literal has its names, in the call or before it.
const app = open(policy)
same<Action<typeof policy>, 'read' | 'write' | 'admin' | 'view' | 'edit' | 'publish'>()
same<Level<typeof policy>, 'none' | 'read' | 'write' | 'admin'>()
same<typeof app, Authorizer<typeof policy>>()
same<typeof app.system, 'rbac'>()
const alice = app.subject('alice')
same<typeof alice, Subject<typeof policy>>()
app.subject(null).can('view', 'home')
alice.can('publish', 'acme/docs/42')
alice.can('publish', 'acme/docs/42', { owner: 'alice' }, { now: new Date(), context: { mfa: true }, properties: { fields: ['title'] } })
app.can('alice', 'view', 'home', {}, { now: 1 })
app.can(alice, 'view', 'home')
// @ts-expect-error: no action of the document
alice.can('publsh', 'acme/docs/42')
// @ts-expect-error: the first level is no action
alice.can('none', 'acme/docs/42')
// @ts-expect-error: a role is no action
alice.can('viewer', 'acme/docs/42')
// @ts-expect-error: no action of the document
app.can(null, 'publsh', 'acme/docs/42')
// @ts-expect-error: no such option
alice.can('view', 'home', {}, { nwo: 1 })
// @ts-expect-error: attributes are an object
alice.can('view', 'home', 'draft')

// Without `levels` they are the usual ones; without anything else there is nothing else.
const plain = open({ roles: { reader: { grants: { '**': 'read' } } } })
same<Parameters<ReturnType<typeof plain.subject>['prepare']>[0], 'read' | 'write' | 'admin'>()
plain.subject('u').can('admin', 'a')
// @ts-expect-error: there are no further actions
plain.subject('u').can('view', 'a')
const leveled = open({ levels: ['no', 'see', 'do'] }).subject('u')
leveled.can('do', 'a')
// @ts-expect-error: the usual levels are replaced
leveled.can('read', 'a')

// Resources by their parts.
alice.can('view', { type: 'doc', org: 'acme', id: '42' })
alice.can('view', { type: 'doc', org: 'acme', id: 42 })
alice.can('view', { type: 'home' })
alice.can('view', { type: 'odd', id: 'x' })
same<Extract<RbacResource<typeof policy>, { type: 'post' }>['id'], string | number>()
plain.can('u', 'read', { type: 'anything', id: 7 })
// @ts-expect-error: no type of the document
alice.can('view', { type: 'dok', org: 'acme', id: '42' })
// @ts-expect-error: a part is missing
alice.can('view', { type: 'doc', id: '42' })
// @ts-expect-error: a part of another type
alice.can('view', { type: 'post', org: 'acme', id: '42' })
// @ts-expect-error: a part is a string or a number
alice.can('view', { type: 'post', id: true })
// @ts-expect-error: without `resources` there is `id` alone
plain.can('u', 'read', { type: 'doc', org: 'acme', id: '42' })
// @ts-expect-error: a resource is a path or an object
alice.can('view', 5)

// Decisions, and what a subject has.
const decision = alice.decide('edit', 'acme/docs/42')
same<typeof decision, Decision<typeof policy>>()
same<typeof decision.level, 'none' | 'read' | 'write' | 'admin' | undefined>()
same<typeof decision.needs, 'none' | 'read' | 'write' | 'admin' | undefined>()
if (decision.rule === 'limit' || decision.rule === 'not-signed-in') decision.allow
// @ts-expect-error: no rule
if (decision.rule === 'limits') decision.allow
same<ReturnType<typeof alice.actions>, Action<typeof policy>[]>()
alice.actions({ type: 'post', id: 1 }, { owner: 'alice' }, { now: 5 }).includes('publish')
same<typeof alice.changesAt, number | undefined>()
alice.canId(alice.prepare('edit', { type: 'post', id: 1 }, { owner: 'alice' }, { now: new Date() }))
app.decide({ subject: 'alice', action: 'edit', resource: { type: 'post', id: 1 } }).rule
app.canMany([{ subject: null, action: 'view', resource: 'home' }])
// @ts-expect-error: no action of the document
app.decide({ subject: 'alice', action: 'edid', resource: 'home' })
// @ts-expect-error: no option of a clock
open(policy, { clock: () => 5 })
open(policy, { now: () => 5 })

// Explanations.
const explained = alice.explain('edit', 'acme/docs/42')
same<typeof explained, Explanation<typeof policy>>()
same<typeof explained.grants, RbacGrantFound<'viewer' | 'editor' | 'author', Action<typeof policy>, 'press'>[]>()
same<(typeof explained.nearMisses)[0]['kind'], RbacNearMiss['kind']>()
explained.limits.map(({ pointer, deny }) => `${pointer}${deny?.join()}`)
explained.remedies.map(({ text }) => text.trim())
// @ts-expect-error: no kind of near miss
explained.nearMisses.find(({ kind }) => kind === 'nearly')

// A user with their record.
app.subject({ id: 'ben', roles: ['viewer', { role: 'editor', scope: 'acme' }], groups: ['press'], grants: { 'posts/1': 'edit' }, active: true })
app.can({ id: 'ben', roles: ['viewer'] }, 'view', 'home')
// @ts-expect-error: no role of the document
app.subject({ id: 'ben', roles: ['veiwer'] })
// @ts-expect-error: no role of the document, with a scope
app.subject({ id: 'ben', roles: [{ role: 'veiwer', scope: 'acme' }] })
// @ts-expect-error: no group of the document
app.subject({ id: 'ben', groups: ['pres'] })
// @ts-expect-error: no action of the document
app.subject({ id: 'ben', grants: { 'posts/1': 'edid' } })
// @ts-expect-error: a record has an id
app.subject({ roles: ['viewer'] })
// @ts-expect-error: a record has no such member
app.subject({ id: 'ben', role: 'viewer' })
// @ts-expect-error: no role of the document
app.can({ id: 'ben', roles: ['veiwer'] }, 'view', 'home')
// Roles of a token are not known before.
declare const token: { sub: string; roles: string[] }
app.subject({ id: token.sub, roles: token.roles }).can('view', 'home')
app.can({ id: token.sub, roles: token.roles }, 'view', 'home')
declare const record: RbacRecord
app.subject(record)

// Within holders.
alice.within({ roles: ['viewer'] }).within([{ grants: { 'posts/*': ['read', 'view'] } }, {}]).can('view', 'home')
// @ts-expect-error: no role of the document
alice.within({ roles: ['veiwer'] })
// @ts-expect-error: no action of the document
alice.within([{ grants: { 'posts/*': 'viev' } }])
// @ts-expect-error: a holder has no groups
alice.within({ groups: ['press'] })

// @ts-expect-error: an empty list is refused
alice.within([])

// A question as one object, with a record and holders.
app.decide({ subject: { id: 'ben', roles: ['viewer'], groups: ['press'] }, action: 'view', resource: 'home', within: { roles: ['editor'] }, context: {}, now: 1 }).allow
app.explain({ subject: alice, action: 'view', resource: 'home', within: [{ grants: { home: 'view' } }, {}] }).grants
app.decide({ subject: { id: token.sub, roles: token.roles }, action: 'view', resource: 'home' })
declare const holders: RbacHolder[]
app.decide({ subject: record, action: 'view', resource: 'home', within: holders })
declare const asked: Question<typeof policy>
app.decide(asked).allow
app.explain(asked).grants
app.canMany([asked])
// @ts-expect-error: no role of the document
app.decide({ subject: { id: 'x', roles: ['zz'] }, action: 'edit', resource: 'home' })
// @ts-expect-error: no group of the document
app.explain({ subject: { id: 'x', groups: ['zz'] }, action: 'edit', resource: 'home' })
// @ts-expect-error: no role of the document, within holders
app.decide({ subject: 'alice', action: 'edit', resource: 'home', within: { roles: ['zz'] } })
// @ts-expect-error: no role of the document, within a list of holders
app.explain({ subject: null, action: 'edit', resource: 'home', within: [{}, { roles: ['zz'] }] })
// @ts-expect-error: an empty list is refused
app.decide({ subject: 'alice', action: 'edit', resource: 'home', within: [] })
// @ts-expect-error: no such member of a question
app.decide({ subject: 'alice', action: 'edit', resource: 'home', whitin: {} })

// Types of resources.
const onServer = server.open(policy).subject('alice')
onServer.filter('edit', 'doc').where
onServer.fields('edit', { type: 'post', id: 1 }, ['title'])
onServer.fields('edit', 'posts/1', ['title'])
// @ts-expect-error: no type of the document
onServer.filter('edit', 'nope')
// @ts-expect-error: no type of the document
onServer.fields('edit', { type: 'nope', id: 1 }, ['a'])
server.open(JSON.parse('{}')).subject('u').filter('edit', 'anything')
server.open({ roles: {} }).subject('u').filter('read', 'anything')

// Slices.
app.slice('alice', ['viewer'])
app.slice({ id: 'ben', roles: ['editor'] })
app.slice(alice)
open(app.slice('alice')).can(null, 'publish', 'home')
// @ts-expect-error: a slice has the actions of its document
open(app.slice('alice')).can(null, 'publsh', 'home')
// @ts-expect-error: no role of the document
app.slice('alice', ['veiwer'])

// References in a document.
// @ts-expect-error: no role of the document
open({ roles: { viewer: {}, editor: { inherits: ['veiwer'] } } })
// @ts-expect-error: no action or level
open({ roles: { viewer: { grants: { 'docs/*': 'raed' } } } })
// @ts-expect-error: no action or level, in a list
open({ roles: { viewer: { grants: { 'docs/*': ['read', 'raed'] } } } })
// @ts-expect-error: no action or level, in an object
open({ roles: { viewer: { grants: { 'docs/*': { allow: 'raed' } } } } })
// @ts-expect-error: no action or level, in an object in a list
open({ roles: { viewer: { grants: { 'docs/*': ['read', { allow: ['raed'] }] } } } })
// @ts-expect-error: the first level is not granted
open({ roles: { viewer: { grants: { 'docs/*': 'none' } } } })
// @ts-expect-error: no role of the document
open({ roles: { viewer: {} }, groups: { press: { roles: ['veiwer'] } } })
// @ts-expect-error: no role of the document, with a scope
open({ roles: { viewer: {} }, groups: { press: { roles: [{ role: 'veiwer', scope: 'acme' }] } } })
// @ts-expect-error: no role of the document
open({ roles: { viewer: {} }, users: { alice: { roles: ['veiwer'] } } })
// @ts-expect-error: no group of the document
open({ groups: { press: {} }, users: { alice: { groups: ['pres'] } } })
// @ts-expect-error: the document has no groups
open({ users: { alice: { groups: ['press'] } } })
// @ts-expect-error: no role of the document
open({ roles: { viewer: {} }, everyone: { roles: ['veiwer'] } })
// @ts-expect-error: no role of the document
open({ roles: { viewer: {} }, authenticated: { roles: ['veiwer'] } })
// @ts-expect-error: an action needs a level
open({ actions: { view: 'raed' } })
// @ts-expect-error: an action needs another level than the first
open({ actions: { view: 'none' } })
// @ts-expect-error: no level
open({ limits: { 'docs/*': 'raed' } })
// @ts-expect-error: no level, in an object
open({ limits: { 'docs/*': [{ level: 'raed' }] } })
// @ts-expect-error: a limit has a level, not an action
open({ actions: { view: 'read' }, limits: { 'docs/*': 'view' } })
// @ts-expect-error: no action
open({ limits: { 'docs/*': { deny: 'viev' } } })

// Members and their types.
// @ts-expect-error: no such member
open({ role: { viewer: {} } })
// @ts-expect-error: no such member, beside one that exists
open({ roles: { viewer: { grants: {}, inherit: [] } } })
// @ts-expect-error: no such member of a grant
open({ roles: { viewer: { grants: { 'docs/*': { allow: 'read', If: {} } } } } })
// @ts-expect-error: a member is missing
open({ roles: { viewer: { grants: { 'docs/*': { when: {} } } } } })
// @ts-expect-error: a boolean
open({ users: { alice: { active: 'yes' } } })
// @ts-expect-error: seconds
open({ everyone: { grants: { a: { allow: 'read', until: '2030-01-01' } } } })
// @ts-expect-error: no beginning of an attribute path
open({ everyone: { grants: { a: { allow: 'read', when: { owner: 'ann' } } } } })
// @ts-expect-error: nothing that a condition compares
open({ everyone: { grants: { a: { allow: 'read', when: { 'resource.owner': { is: 'ann' } } } } } })

// Conditions and limits that `open` refuses.
open({ everyone: { grants: { a: { allow: 'read', when: { 'resource.a': { ref: 'context.b' }, 'resource.c': { not: { ref: 'subject.id' } }, 'subject.groups': ['press'], 'resource.d': { atMost: 5 }, 'resource.e': { atLeast: { ref: 'context.f' }, atMost: 6 } } } } } })
// @ts-expect-error: nothing is compared
open({ everyone: { grants: { a: { allow: 'read', when: { 'resource.a': {} } } } } })
// @ts-expect-error: an empty list never holds
open({ everyone: { grants: { a: { allow: 'read', when: [] } } } })
// @ts-expect-error: no attribute path
open({ everyone: { grants: { a: { allow: 'read', when: { 'resource.a': { ref: 'zz' } } } } } })
// @ts-expect-error: no attribute path, in a list of alternatives
open({ everyone: { grants: { a: { allow: 'read', when: [{ 'resource.a': { ref: 'zz' } }] } } } })
// @ts-expect-error: no attribute path, after `not`
open({ everyone: { grants: { a: { allow: 'read', when: { 'resource.a': { not: { ref: 'zz' } } } } } } })
// @ts-expect-error: two comparisons
open({ everyone: { grants: { a: { allow: 'read', when: { 'resource.a': { ref: 'subject.id', not: 'x' } } } } } })
// @ts-expect-error: two comparisons
open({ everyone: { grants: { a: { allow: 'read', when: { 'resource.a': { atLeast: 1, not: 'x' } } } } } })
// @ts-expect-error: a group takes nothing away
open({ everyone: { grants: { a: { allow: 'read', when: { 'subject.groups': { not: 'press' } } } } } })
// @ts-expect-error: neither a level nor actions
open({ limits: { a: {} } })
// @ts-expect-error: both a level and actions
open({ limits: { a: { level: 'read', deny: 'write' } } })
// @ts-expect-error: both, in a list
open({ limits: { a: ['read', { level: 'read', deny: ['write'] }] } })
// @ts-expect-error: no attribute path
open({ limits: { a: { deny: 'write', unless: { 'resource.a': { ref: 'zz' } } } } })
// A document of a JSON module has the type `string` for each text.
const json = {
  roles: { r: { grants: { a: { allow: 'read', when: [{ 'resource.a': { ref: 'subject.id' } }, { 'resource.b': { not: ['x', 'y'] } }, { 'resource.a': { atLeast: 5 }, 'subject.groups': ['g'] }] }, b: ['read', { allow: ['write'], until: 5 }] } } },
  users: { ann: { roles: ['r', { role: 'r', scope: 'a' }] }, bob: {} },
  limits: { a: [{ level: 'read' }, { deny: ['write'], unless: { 'context.mfa': true } }], b: { deny: 'write' }, c: 'none' },
}
open(json).decide({ subject: { id: 'u', roles: ['r'] }, action: 'write', resource: 'a', within: [{ roles: ['r'] }] })

// What is not known before is not checked: a document as text, a part of it, and names of type `string`.
const parsed = open(JSON.parse('{}'))
same<Parameters<ReturnType<typeof parsed.subject>['can']>[0], string>()
declare const loose: RbacDocument
open(loose).subject('u').can('anything', { type: 'doc', org: 'acme', id: 1 })
// @ts-expect-error: a part is a string or a number all the same
open(loose).subject('u').can('anything', { type: 'doc', id: true })
const imported = { levels: ['none', 'read'], roles: { viewer: { grants: { a: 'read' } }, editor: { inherits: ['viewer'] } } }
open(imported).subject({ id: 'u', roles: ['viewer'] }).can('anything', 'a')
declare const rows: { [id: string]: { roles: string[] } }
const stored = open({ actions: { publish: null }, roles: { viewer: {} }, users: rows })
stored.can('u', 'publish', 'a')
// @ts-expect-error: the actions are known
stored.can('u', 'publsh', 'a')
// The document's type can be output.
interface Policy extends RbacDocument {
  readonly levels: readonly ['none', 'see']
  readonly actions: { readonly share: null }
}
open<Policy>(JSON.parse('{}')).subject('u').can('share', 'a')
// @ts-expect-error: no action of the document
open<Policy>(JSON.parse('{}')).subject('u').can('read', 'a')

// So can its outline, as `latchwork types` writes it: a document of a JSON module fits.
type Typed = RbacTyped<{ levels: ['none', 'see']; actions: { share: 'see' }; resources: { doc: 'docs/{id}' }; roles: { viewer: {} }; groups: {} }>
const typed = open<Typed>(imported)
same<typeof typed, Authorizer<Typed>>()
typed.subject({ id: 'u', roles: ['viewer'] }).can('share', { type: 'doc', id: 1 })
open(typed.slice('u')).can(null, 'see', 'a')
// @ts-expect-error: no action of the outline
typed.can('u', 'read', 'a')
// @ts-expect-error: no role of the outline
typed.subject({ id: 'u', roles: ['veiwer'] })
// @ts-expect-error: no type of the outline
typed.can('u', 'see', { type: 'post', id: 1 })
// @ts-expect-error: the document is checked all the same
open<Typed>({ roles: [] })

// A function for any document takes what one document gave.
function anyOf(authorizer: Authorizer, subject: Subject) {
  return authorizer.can(subject, 'publish', 'a')
}
anyOf(app, alice)
function wordsOf<W extends RbacWords>(words: W): W['action'] {
  return words.action
}
wordsOf({ action: 'a', level: 'b', role: 'c', group: 'd', resource: 'e', slice: {} })

// What `open` refuses in a literal does not compile either.
open({ everyone: { grants: { x: { allow: 'read', when: { 'resource.a': { not: { ref: 'subject.id' } }, 'resource.b': { atLeast: { ref: 'subject.b' }, atMost: 5 }, 'resource.c': { atMost: 7 } } } } } })
open({ everyone: { grants: { x: { allow: 'read', when: {} } } }, limits: { x: [{ level: 'none', unless: [{ 'subject.id': 'a' }, { 'subject.id': 'b' }] }] }, levels: ['none', 'read'], actions: { publish: 'read' } })
// @ts-expect-error: groups must not take anything away
open({ everyone: { grants: { x: { allow: 'read', when: { 'resource.a': { not: { ref: 'subject.groups' } } } } } } })
// @ts-expect-error: the reference is no path
open({ everyone: { grants: { x: { allow: 'read', when: { 'resource.a': { atLeast: { ref: 'foo.b' } } } } } } })
// @ts-expect-error: the reference has no name
open({ everyone: { grants: { x: { allow: 'read', when: { 'resource.a': { ref: 'subject.' } } } } } })
// @ts-expect-error: the exception always holds
open({ limits: { x: { level: 'none', unless: {} } } })
// @ts-expect-error: one exception always holds
open({ limits: { x: { deny: 'read', unless: [{ 'subject.id': 'a' }, {}] } } })
// @ts-expect-error: the path has no name
open({ everyone: { grants: { x: { allow: 'read', when: { 'resource.': 1 } } } } })
// @ts-expect-error: a level has this name
open({ actions: { read: null } })
// @ts-expect-error: one level is not enough
open({ levels: ['one'] })
