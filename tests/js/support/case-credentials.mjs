// @ts-check
// The defaults of each product's call cases: the credentials of callers, how requests carry them, and who a
// user of the records is. Section "case files" or "vocabulary" of the product's description says it in words.

import { isObject } from './compare.mjs'

/** What a caller without a password of its own signs in with; a password of Meuse's cases. */
const PASSWORD = 'password1'

/** In days. Longer than any case moves its clock. */
const CENTURY = 36_525

/**
 * What a case names, before anything runs.
 * @typedef {object} Scene
 * @property {Set<string>} callers users who send a request by `as`, or are in `{{token:…}}` or `{{ident:…}}`
 * @property {Set<string>} ids users in `{id:…}`
 * @property {string[]} expiries each `expire_tokens_of`, in order
 */

/**
 * One case under way, as far as a caller needs it.
 * @typedef {object} Stage
 * @property {any} records what was seeded
 * @property {(name: string) => string | undefined} password what a user signs in with, as far as it is known
 * @property {Map<string, string>} issuedTokens tokens and cookies that were made for the case
 * @property {string} mark begins the name of everything that the runner adds, and of nothing else
 * @property {(request: { method: string, path: string, body?: any, headers?: Record<string, string> }) => Promise<import('./run-call.mjs').Answer>} send
 */

/**
 * @typedef {object} Callers
 * @property {import('./compare.mjs').Rule} rule how `expect.body` is compared
 * @property {readonly string[]} identities the members by which a case names a user, the first being the identity
 * @property {string} [secret] the member of a user that is its password
 * @property {{ path: RegExp, user: string }} [creation] the request that makes a user, and where in its body the name stands
 * @property {(name: string) => string} [fold] one spelling for all of a name
 * @property {(records: any, scene: Scene, stage: Stage) => any} seed the records with what the case takes for granted
 * @property {(stage: Stage, scene: Scene) => Promise<void>} [prepare] done once, before `given.before`
 * @property {(stage: Stage, as: string, passwd?: string) => Record<string, string> | Promise<Record<string, string>>} headers
 * @property {(stage: Stage, user: string, password: string) => Promise<boolean>} signsIn whether that password is the user's
 * @property {readonly string[]} [knows] what its cases may say of a request or a step that no other product's may
 * @property {(path: string) => string} [type] the content type of a body
 * @property {(stage: Stage, body: any) => any} [seen] an answer without what the runner added
 */

/** @type {Record<string, Callers>} */
export const callersOf = {
  antmedia: {
    rule: { subset: false },
    identities: ['email'],
    secret: 'password',
    creation: { path: /^\/rest\/v2\/users(\/initial)?\/?$/, user: 'email' },
    seed: (records, { callers }) => withUsers(records, (user) => (callers.has(user.email) && !('hash' in user) ? { password: PASSWORD, ...user } : user)),
    // A session is from before the first step: it outlives the user, and nothing blocks its beginning.
    async prepare(stage, { callers }) {
      for (const { email } of stage.records.users ?? []) if (callers.has(email)) await antmediaSession(stage, email)
    },
    headers: async (stage, as) => ({ cookie: stage.issuedTokens.get(as) ?? (await antmediaSession(stage, as)) }),
    async signsIn(stage, email, password) {
      const { body } = await stage.send({ method: 'POST', path: '/rest/v2/users/authenticate', body: { email, password } })
      return body?.success === true
    },
  },

  arangodb: {
    rule: { subset: true },
    knows: ['passwd'],
    identities: ['user', 'name'],
    secret: 'passwd',
    creation: { path: /\/_api\/user\/?$/, user: 'user' },
    seed: (records) => ({
      ...records,
      users: Object.fromEntries(
        Object.entries(records.users).map(([name, user]) => [name, { ...(!('hash' in user) && { passwd: '' }), .../** @type {any} */ (user) }]),
      ),
    }),
    headers: basic,
    async signsIn(stage, username, password) {
      const { status } = await stage.send({ method: 'POST', path: '/_open/auth', body: { username, password } })
      return status === 200
    },
  },

  meuse: {
    rule: { subset: false },
    knows: ['encoding', 'expire_tokens_of'],
    identities: ['name'],
    secret: 'password',
    creation: { path: /^\/api\/v1\/meuse\/user\/?$/, user: 'name' },
    seed: seedMeuse,
    async headers(stage, as) {
      const password = stage.password(as)
      if (!stage.issuedTokens.has(as) && password !== undefined) {
        const { body } = await meuseToken(stage, as, password)
        if (typeof body?.token === 'string') stage.issuedTokens.set(as, body.token)
      }
      return { authorization: issuedToken(stage, as) }
    },
    signsIn: async (stage, user, password) => (await meuseToken(stage, user, password)).status === 200,
    seen(stage, body) {
      if (!Array.isArray(body?.tokens)) return body
      return { ...body, tokens: body.tokens.filter((/** @type {any} */ token) => !String(token?.name).startsWith(stage.mark)) }
    },
  },

  tyk: {
    rule: { subset: true, anyCase: 'Message' },
    identities: ['id', 'email_address'],
    seed: (records) => records,
    /** @returns {Record<string, string>} */
    headers({ records }, as) {
      if (as === 'admin-auth') return { 'admin-auth': records.config?.admin_secret ?? '' }
      if (as.startsWith('key:')) return { authorization: as.slice('key:'.length) }
      if (as.startsWith('session:')) return { cookie: `authorisation=${as.slice('session:'.length)}` }
      return { authorization: userOf(callersOf.tyk, records, as)?.access_key ?? `key-${as}` }
    },
    async signsIn(stage, user, password) {
      const email_address = userOf(callersOf.tyk, stage.records, user)?.email_address ?? user
      const { status } = await stage.send({ method: 'POST', path: '/api/login', body: { email_address, password } })
      return status === 200
    },
  },

  wso2: {
    rule: { subset: true },
    knows: ['passwd'],
    identities: ['name'],
    secret: 'password',
    creation: { path: /^\/services\/UserAdmin\/addUser$|^\/scim2\/Users\/?$/, user: 'userName' },
    fold: wso2Name,
    // The id is the runner's choice, so that `{id:bob}` needs no question to the directory under test.
    seed: (records, { callers, ids }) =>
      withUsers(records, (user) => {
        const isNamed = (/** @type {Set<string>} */ names) => [...names].some((name) => wso2Name(name) === wso2Name(user.name))
        return { ...(isNamed(callers) && { password: PASSWORD }), ...(isNamed(ids) && { id: crypto.randomUUID() }), ...user }
      }),
    headers: basic,
    async signsIn(stage, user, password) {
      const headers = basic(stage, user, password)
      const { status } = await stage.send({ method: 'POST', path: '/services/UserAdmin/getRolesOfCurrentUser', body: {}, headers })
      return status !== 401
    },
    type: (path) => (path.startsWith('/scim2') ? 'application/scim+json' : 'application/json'),
  },
}

/**
 * The users of records as a list, each with its identity inside.
 * @param {Callers} callers @param {any} users @returns {any[]}
 */
export function usersOf(callers, users) {
  if (!isObject(users)) return users ?? []
  return Object.entries(users).map(([name, user]) => ({ [callers.identities[0]]: name, .../** @type {any} */ (user) }))
}

/**
 * The user of the records whom a case names.
 * @param {Callers} callers @param {any} records @param {string} name
 */
export function userOf(callers, records, name) {
  const { identities, fold = (/** @type {string} */ text) => text } = callers
  return usersOf(callers, records.users).find((user) => identities.some((identity) => typeof user[identity] === 'string' && fold(user[identity]) === fold(name)))
}

/**
 * What `{id:NAME}` stands for.
 * @param {Stage} stage @param {string} name @returns {string}
 */
export function idOf({ records }, name) {
  const user = userOf(callersOf.wso2, records, name)
  if (user?.id === undefined) throw new Error(`{id:${name}} names no user of \`given\``)
  return user.id
}

/**
 * A token that was made for the case.
 * @param {Stage} stage @param {string} name
 */
export function issuedToken(stage, name) {
  const token = stage.issuedTokens.get(name)
  if (token === undefined) throw new Error(`no token for ${name}, who is not in \`given.users\``)
  return token
}

/** @param {Stage} stage @param {string} as @param {string} [passwd] */
function basic(stage, as, passwd) {
  const text = `${as}:${passwd ?? stage.password(as) ?? ''}`
  return { authorization: `Basic ${base64(new TextEncoder().encode(text))}` }
}

/** @param {any} records @param {(user: any) => any} change */
function withUsers(records, change) {
  return { ...records, ...(Array.isArray(records.users) && { users: records.users.map(change) }) }
}

/** @param {Stage} stage @param {string} email */
async function antmediaSession(stage, email) {
  const password = stage.password(email) ?? ''
  const { body, cookies } = await stage.send({ method: 'POST', path: '/rest/v2/users/authenticate', body: { email, password } })
  if (body?.success !== true || !cookies) throw new Error(`no session for ${email}: ${JSON.stringify(body)}`)
  stage.issuedTokens.set(email, cookies)
  return cookies
}

/**
 * Every token gets a text, and a life of its own: whose tokens are expired first live a century, the next two,
 * all others one more, so that a step of the clock ends the tokens of one user only.
 * @param {any} records @param {Scene} scene @param {Stage} stage
 */
function seedMeuse(records, { callers, expiries }, stage) {
  const life = (/** @type {string} */ user) => {
    const turn = expiries.indexOf(user)
    return CENTURY * (turn < 0 ? expiries.length + 1 : turn + 1)
  }
  const listed = (records.tokens ?? []).map((/** @type {any} */ token) => ({
    ...(token.identifier === undefined && token.token === undefined && { token: tokenText() }),
    ...(token.expired_at === undefined && { validity: life(token.user) }),
    ...token,
  }))
  const names = (records.users ?? []).map((/** @type {any} */ user) => user.name)
  const made = [...callers].filter((name) => names.includes(name)).map((user) => ({ user, name: stage.mark, token: tokenText(), validity: life(user) }))
  for (const { user, token } of made) stage.issuedTokens.set(user, token)
  const tokens = [...listed, ...made]
  return { ...withUsers(records, (user) => ('hash' in user ? user : { password: PASSWORD, ...user })), ...(tokens.length > 0 && { tokens }) }
}

/** The seconds that end the tokens of the first `turns` users in turn. @param {number} turns */
export function expiryDelay(turns) {
  return turns === 0 ? 0 : turns * CENTURY * 86_400 + 1
}

/** @param {Stage} stage @param {string} user @param {string} password */
function meuseToken(stage, user, password) {
  const body = { name: `${stage.mark}-${crypto.randomUUID()}`, user, password, validity: CENTURY }
  return stage.send({ method: 'POST', path: '/api/v1/meuse/token', body })
}

function tokenText() {
  const random = (/** @type {number} */ length) => base64(crypto.getRandomValues(new Uint8Array(length)))
  return random(18) + random(32)
}

/** One spelling for all of a name. @param {string} name */
function wso2Name(name) {
  return name.toLowerCase().replace(/^primary\//, '')
}

/** @param {Uint8Array} bytes */
function base64(bytes) {
  return btoa(String.fromCharCode(...bytes))
}
