// @ts-check
// The view "Measured here".

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, statSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { preview } from 'vite'
import { installCommand, publicLinks } from '../../www/page/package-links.mjs'
import { openPage, openView, servePageForTests } from './served-page.mjs'

const { version } = JSON.parse(readFileSync(new URL('../../pkg/package.json', import.meta.url), 'utf8'))
const assets = new URL('../../www/dist/assets/', import.meta.url)

const served = servePageForTests()

test('size, load time and checks per second are measured for each model, and the method is explained', { timeout: 120_000 }, async () => {
  const { page, complaints } = await openPage(served.browser, served.address)
  await openView(page, 'Measured here')
  const figures = async () => {
    await page.getByText('Measured in this browser, just now.').waitFor()
    const rows = await page.locator('.measured tr').evaluateAll((all) => all.map(({ children: [name, figure] }) => [name.textContent, figure.textContent]))
    return /** @type {Record<string, string>} */ (Object.fromEntries(rows))
  }
  for (const [model, title] of [['rbac', ''], ['tyk', 'Tyk Dashboard']]) {
    if (title) {
      await page.getByRole('button', { name: title }).click()
      await page.getByText('The document changed since it was measured.').waitFor()
      await page.getByRole('button', { name: 'Measure again' }).click()
    }
    const { Module, Fetch, Compile, Open, can, canId, explain } = await figures()
    const file = readdirSync(assets).find((name) => name.startsWith(`${model}-`) && name.endsWith('.wasm')) ?? ''
    assert.equal(Module, `${(statSync(new URL(file, assets)).size / 1000).toFixed(1)} KB`)
    for (const time of [Fetch, Compile, Open]) assert.match(time, /^\d[\d.]* ms$/)
    for (const rate of [can, canId, explain]) assert.match(rate, /^[1-9][\d,]* \/ s$/)
  }
  const method = page.getByText('How this is measured')
  await method.click()
  await page.getByText(/the median of 5 rounds\. Subjects are prepared once/).waitFor()
  assert.equal(await page.locator('.measured .package dd').first().textContent(), `latchwork ${version}`)
  assert.deepEqual(complaints, [])
  await page.close()
})

test('the package can be downloaded as it was packed, and its documentation opens', async () => {
  const { page, complaints } = await openPage(served.browser, served.address)
  await openView(page, 'Measured here')
  const entry = page.locator('.measured .package')
  const link = entry.getByRole('link', { name: `latchwork-${version}.tgz` })
  const event = page.waitForEvent('download')
  await link.click()
  const content = readFileSync(String(await (await event).path()))
  assert.equal(await link.getAttribute('title'), `sha512-${createHash('sha512').update(content).digest('base64')}`)
  assert.deepEqual(content.subarray(0, 2), Buffer.from([0x1f, 0x8b]))
  await entry.getByText(`npm install ./latchwork-${version}.tgz`).waitFor()
  // The manifest of a package that is not public names no repository.
  for (const name of ['Repository', 'Package', 'Homepage']) assert.equal(await entry.getByText(name, { exact: true }).count(), 0)
  await entry.getByRole('link', { name: 'Guides, models and reference' }).click()
  await page.getByRole('heading', { name: 'Documentation', level: 1 }).waitFor()
  assert.deepEqual(complaints, [])
  await page.close()
})

test('the page of a published package links its repository, registry and homepage', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchwork-page-'))
  const www = fileURLToPath(new URL('../../www/', import.meta.url))
  execFileSync('npx', ['vite', 'build', '--logLevel', 'error', '--emptyOutDir', '--outDir', folder], { cwd: www, env: { ...process.env, LATCHWORK_REPOSITORY: 'https://example.org/owner/latchwork' } })
  const server = await preview({ root: www, configFile: false, base: './', logLevel: 'error', build: { outDir: folder }, preview: { host: '127.0.0.1', port: 0 } })
  try {
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.httpServer.address())
    const { page } = await openPage(served.browser, `http://127.0.0.1:${port}/`)
    await openView(page, 'Measured here')
    const entry = page.locator('.measured .package')
    const addresses = ['https://example.org/owner/latchwork', 'https://www.npmjs.com/package/latchwork', 'https://example.org/owner/latchwork#readme']
    const found = await entry.getByRole('link').evaluateAll((all) => all.map((link) => /** @type {HTMLAnchorElement} */ (link).href))
    for (const address of addresses) assert.ok(found.includes(address), `${address}: ${found}`)
    await entry.getByText('npm install latchwork', { exact: true }).waitFor()
    await page.close()
  } finally {
    await server.close()
    // The server may still read a file for the service worker of the page, which loads all of them.
    process.on('exit', () => rmSync(folder, { recursive: true }))
  }
})

test('the repository, the registry and the homepage are linked if the manifest names them', () => {
  const tarball = { file: 'latchwork-1.0.0.tgz' }
  assert.deepEqual(publicLinks({ name: 'latchwork' }), [])
  assert.equal(installCommand({ name: 'latchwork' }, tarball), 'npm install ./latchwork-1.0.0.tgz')
  const manifest = { name: 'latchwork', homepage: 'https://example.org/home', repository: { url: 'git+https://example.org/owner/latchwork.git' } }
  assert.deepEqual(publicLinks(manifest), [
    { name: 'Repository', address: 'https://example.org/owner/latchwork' },
    { name: 'Package', address: 'https://www.npmjs.com/package/latchwork' },
    { name: 'Homepage', address: 'https://example.org/home' },
  ])
  assert.equal(installCommand(manifest, tarball), 'npm install latchwork')
  assert.deepEqual(publicLinks({ name: 'latchwork', repository: 'https://example.org/x' })[0], { name: 'Repository', address: 'https://example.org/x' })
})
