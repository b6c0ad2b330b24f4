// @ts-check
// A hook of Node that changes one text of one file as it is loaded.

/** @type {import('./run.mjs').Fault} */
let fault

/** @param {import('./run.mjs').Fault} planted */
export function initialize(planted) {
  fault = planted
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  const loaded = await next(url, context)
  if (!url.endsWith(`/pkg/filter/${fault.file}`)) return loaded
  const pieces = String(loaded.source).split(fault.right)
  if (pieces.length !== 2) throw new Error(`${fault.file} has the text of the fault ${pieces.length - 1} times, not once: ${fault.right}`)
  return { ...loaded, source: pieces.join(fault.wrong) }
}
