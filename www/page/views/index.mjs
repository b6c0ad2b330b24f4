// @ts-check
// The views below the matrix, in the order of their tabs. A view's module is fetched when its tab is opened: it exports
// `title`, and `create(app)`, which returns the view's element and a function that shows a state in it.

/**
 * @typedef {object} View
 * @property {HTMLElement} element
 * @property {(state: import('../store.mjs').State) => void} update called when the view is opened, and after each change while it is open
 */

/** @typedef {{ title: string, create: (app: import('../app.mjs').App) => View }} ViewModule */

/** @type {{ name: string, title: string, load: () => Promise<ViewModule> }[]} */
export const VIEWS = [
  { name: 'why', title: 'Why', load: () => import('./why.mjs') },
  { name: 'what-if', title: 'What-if', load: () => import('./what-if.mjs') },
  { name: 'queries', title: 'Queries', load: () => import('./queries.mjs') },
  { name: 'tests', title: 'Tests', load: () => import('./tests.mjs') },
  { name: 'share', title: 'Share', load: () => import('./share.mjs') },
  { name: 'proof', title: 'Browser and worker', load: () => import('./proof.mjs') },
  { name: 'application', title: 'As whom', load: () => import('./application.mjs') },
  { name: 'console', title: 'Console', load: () => import('./console.mjs') },
  { name: 'measured', title: 'Measured here', load: () => import('./measured.mjs') },
]
