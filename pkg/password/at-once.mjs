// @ts-check
// Calls on runtimes at the edge: at once. There a request must not wait for what another request awaits.

/** @type {import('./instance.mjs').Run} */
export const inTurn = (act) => act()
