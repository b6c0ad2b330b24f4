// @ts-check
// The playground in headless Chromium: the time from the start of a first visit to the first permission matrix, beside that
// to the first paint of the page. The page has to be built.

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { median } from './clock.mjs'

const VISITS = 11

const file = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url))
const executablePath = execFileSync(file('../scripts/chromium'), { encoding: 'utf8' }).trim()
const server = spawn(process.execPath, [file('../www/serve.mjs'), '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
const [line] = await once(createInterface({ input: server.stdout }), 'line')
const address = /http:\S+/.exec(line)?.[0] ?? ''
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })

/** Records the time when the page has its first matrix. */
function observe() {
  const observer = new MutationObserver(() => {
    if (document.documentElement?.dataset.ready === undefined) return
    performance.mark('matrix')
    observer.disconnect()
  })
  observer.observe(document, { subtree: true, childList: true, attributes: true })
}

/** The times of one visit in milliseconds, without anything cached. */
async function measureVisit() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  try {
    const page = await context.newPage()
    await page.addInitScript(observe)
    await page.goto(address)
    await page.locator(':root[data-ready]').waitFor()
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0)
    return await page.evaluate(() => ({ paint: performance.getEntriesByName('first-contentful-paint')[0].startTime, matrix: performance.getEntriesByName('matrix')[0].startTime }))
  } finally {
    await context.close()
  }
}

try {
  await measureVisit()
  const visits = []
  for (let done = 0; done < VISITS; done += 1) visits.push(await measureVisit())
  const [paint, matrix] = [median(visits.map((each) => each.paint)), median(visits.map((each) => each.matrix))]
  console.log(`\nThe playground, first visit: first matrix after ${matrix.toFixed(0)} ms, first paint after ${paint.toFixed(0)} ms (median of ${VISITS} visits, nothing cached)`)
} finally {
  await browser.close()
  server.kill('SIGTERM')
}
