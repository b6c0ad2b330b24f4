// Keeps all files of the playground, so that it works without a network after the first visit, and each page of the
// documentation that was read. The build writes two constants above this text: FILES, the paths of the files, and DIGEST,
// a digest of all contents.

const NAME = `latchwork-${DIGEST}`
const PAGE = './'
const DOCS = new URL('docs/', registration.scope).href
/** Addresses of the files. */
const kept = new Set(FILES.map((path) => new URL(path, registration.scope).href))

addEventListener('install', (event) => event.waitUntil(keepFiles()))
addEventListener('activate', (event) => event.waitUntil(start()))
addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method === 'GET' && request.url.startsWith(DOCS)) event.respondWith(readPage(request))
  else if (request.mode === 'navigate') event.respondWith(pageOf(request))
  else if (request.method === 'GET' && kept.has(request.url)) event.respondWith(fileOf(request))
})

async function keepFiles() {
  const cache = await caches.open(NAME)
  // The page has the same address in each version.
  await cache.addAll([new Request(PAGE, { cache: 'reload' }), ...kept])
}

/** A later version starts when no page of the earlier one is open, so it can remove the earlier one's files. */
async function start() {
  for (const name of await caches.keys()) if (name.startsWith('latchwork-') && name !== NAME) await caches.delete(name)
  await clients.claim()
}

/** The newest page; the kept one without a network. */
async function pageOf(request) {
  try {
    return await fetch(request)
  } catch {
    return (await caches.match(PAGE, { cacheName: NAME })) ?? Response.error()
  }
}

async function fileOf(request) {
  return (await caches.match(request, { cacheName: NAME })) ?? fetch(request)
}

/** The newest page of the documentation, which is kept then; the kept one without a network. */
async function readPage(request) {
  const cache = await caches.open(NAME)
  try {
    const response = await fetch(request)
    if (response.ok) await cache.put(request, response.clone())
    return response
  } catch {
    return (await cache.match(request)) ?? new Response('There is no network, and this page was not read before, so that it is not kept.', { status: 503, headers: { 'content-type': 'text/plain; charset=utf-8' } })
  }
}
