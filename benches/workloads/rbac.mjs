export const action = 'write'
export const user = (/** @type {number} */ index) => `user-${index}@example.org`
export const resource = (/** @type {string} */ name) => `shop/${name}`

/** @param {string[]} users @param {string[]} names @param {(place: number) => boolean} allows */
export const records = (users, names, allows) => ({
  users: Object.fromEntries(users.map((user) => [user, { grants: Object.fromEntries(names.map((name, place) => [resource(name), allows(place) ? 'write' : 'read'])) }])),
})

/** A user with a role that is given by this function. @param {any} document @param {string} [resource] */
const asked = (document, resource = 'shop/name-1') => ({ records: document, user: 'ann', action, resource })

/** @type {import('../document.mjs').Growth[]} */
export const growth = [
  {
    what: 'roles of the user',
    counts: [1, 10, 100],
    make: (count) => asked({
      roles: Object.fromEntries(Array.from({ length: count }, (_, index) => [`role-${index}`, { grants: { [index === 0 ? 'shop/*' : `other-${index}/*`]: 'write' } }])),
      users: { ann: { roles: Array.from({ length: count }, (_, index) => `role-${index}`) } },
    }),
  },
  {
    what: 'grants of a role',
    counts: [10, 1_000, 10_000],
    make: (count) => asked({
      roles: { seller: { grants: Object.fromEntries(Array.from({ length: count }, (_, index) => [`shop/name-${index}`, 'write'])) } },
      users: { ann: { roles: ['seller'] } },
    }),
  },
  {
    what: 'segments of the path',
    counts: [2, 8, 32],
    target: { linear: 1 },
    make: (count) => {
      const path = Array.from({ length: count }, (_, index) => `segment-${index}`).join('/')
      return asked({ users: { ann: { grants: { [path]: 'write', '**': 'read' } } } }, path)
    },
  },
  {
    what: '`filter` to SQL, grants of which 10 can match',
    counts: [10, 100, 1_000],
    make: async (count) => {
      // Not loaded where the import of the package is measured.
      const [{ sql }, { open }] = await Promise.all([import('latchwork/filter/sql'), import('latchwork/rbac/server')])
      const grants = Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index < 10 ? 'docs' : 'mails'}/${index}`, 'write']))
      const subject = open({ resources: { doc: 'docs/{id}', mail: 'mails/{id}' }, users: { ann: { grants } } }).subject('ann')
      return { pass: () => sql(subject.filter('write', 'doc'), { dialect: 'postgres', columns: { 'resource.id': 'id' } }).params.length }
    },
  },
]

/** The recorded steps of a decision about a granted name, about another one, and to prepare a subject. */
export const steps = { granted: 150, other: 91, prepared: 174 }
