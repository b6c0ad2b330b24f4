// @ts-check
// A short message at the foot of the page, which goes away by itself.

let timer = 0

/** @param {string} text */
export function toast(text) {
  const place = document.getElementById('toast')
  if (!place) return
  place.textContent = text
  clearTimeout(timer)
  timer = window.setTimeout(() => place.replaceChildren(), 4000)
}

/** Copies a text, and says so. @param {string} text @param {string} what */
export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text)
    toast(`${what} copied`)
  } catch {
    toast('The browser does not allow copying here: select the text')
  }
}
