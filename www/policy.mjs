// @ts-check
// The content security policy of the page: it loads its own files, compiles wasm and asks the worker beside it, nothing else.

/** @type {Record<string, string[]>} */
export const POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  connectSrc: ["'self'"],
  manifestSrc: ["'self'"],
  workerSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
  requireTrustedTypesFor: ["'script'"],
}

/** The policy as a header or a `meta` element has it. @param {readonly string[]} [without] directives that are left out */
export function policyText(without = []) {
  return Object.entries(POLICY)
    .filter(([name]) => !without.includes(name))
    .map(([name, values]) => `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${values.join(' ')}`)
    .join('; ')
}
