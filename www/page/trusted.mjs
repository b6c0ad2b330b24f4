// @ts-check
// The content security policy makes the addresses of workers trusted types. This page starts its own scripts and no
// others.

/** @type {any} */
const { trustedTypes } = globalThis

trustedTypes?.createPolicy('default', {
  /** @param {string} address */
  createScriptURL: (address) => (new URL(address, document.baseURI).origin === location.origin ? address : null),
})
