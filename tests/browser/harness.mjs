// What the browser tests stand on: the real program started on a folder of its own, Chromium that can reach nothing but
// this machine, and the checks that every page must pass.
//
// A check that fails throws an error which names what was found, and where. harness.test.mjs proves that each of them
// passes on a good page and fails on a bad one.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import readline from 'node:readline'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { chromium } = require('playwright-core')
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

export const SIZES = {
  narrow: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, hasTouch: true, isMobile: true },
  tablet: { viewport: { width: 768, height: 1024 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
  desktop: { viewport: { width: 1280, height: 800 } },
}

// ── The program ─────────────────────────────────────────────────────────────────────────────────────────────────────

// Starts Belfry on a fresh folder (or the one given) and a free port, and resolves once it has printed its address; the
// set-up code too, where the folder is new. `env` adds settings, `args` comes before everything else on its command line.
//   { url, code, folder, lines, stop() }   lines: everything it printed; stop: ends it and removes a folder of its own
export async function startBelfry({ env = {}, args = [], folder, program = process.env.BELFRY_BIN, readyWithinMs = 60_000 } = {}) {
  assert(program, 'BELFRY_BIN does not name the program; tests/run --only browser sets it')
  const own = folder === undefined
  const home = folder ?? fs.mkdtempSync(path.join(os.tmpdir(), 'belfry-browser-'))
  // Every variable BELFRY_… is a setting of the program; those of the tests are not for it.
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('BELFRY_')))
  const child = spawn(program, args, {
    cwd: os.tmpdir(),
    env: { ...clean, BELFRY_LISTEN: '127.0.0.1:0', BELFRY_DATA: home, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines = []
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) => resolve(signal ?? code))
  })
  const stop = async () => {
    child.kill('SIGTERM')
    AbortSignal.timeout(20_000).addEventListener('abort', () => child.kill('SIGKILL'))
    const how = await ended
    if (own) fs.rmSync(home, { recursive: true, force: true })
    return how
  }
  const fresh = fs.readdirSync(home).length === 0
  const found = {}
  const ready = new Promise((resolve, reject) => {
    const refuse = (what) => reject(new Error(`Belfry ${what}; it printed:\n${lines.join('\n')}`))
    AbortSignal.timeout(readyWithinMs).addEventListener('abort', () => refuse(`was not ready within ${readyWithinMs} ms`))
    ended.then((how) => refuse(`ended with ${how}`))
    for (const stream of [child.stdout, child.stderr]) {
      readline.createInterface({ input: stream }).on('line', (line) => {
        lines.push(line)
        found.url ??= line.match(/https?:\/\/[^\s/"]+:[1-9]\d*/)?.[0]
        found.code ??= line.match(/\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}\b/)?.[0]
        if (found.url && (found.code || !fresh)) resolve()
      })
    }
  })
  try {
    await ready
  } catch (error) {
    await stop()
    throw error
  }
  return { ...found, folder: home, lines, stop }
}

// One order to the running program, through its socket: a line of JSON each way.
export function order(folder, what) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(path.join(folder, 'control.sock'), () => socket.write(`${JSON.stringify(what)}\n`))
    let answer = ''
    socket.on('data', (bytes) => { answer += bytes; if (answer.includes('\n')) socket.end() })
    socket.on('close', () => resolve(JSON.parse(answer || 'null')))
    socket.on('error', reject)
  })
}

// ── The browser ─────────────────────────────────────────────────────────────────────────────────────────────────────

// Chromium with an empty profile. No name but localhost leads anywhere; `names` gives further ones, each an address of
// this machine: { 'belfry.home.arpa': '127.0.0.1' }.
export function launch({ names = {} } = {}) {
  const known = Object.entries(names).map(([name, address]) => `MAP ${name} ${address}`)
  const rules = [...known, 'MAP * ~NOTFOUND', 'EXCLUDE localhost', 'EXCLUDE 127.0.0.1', 'EXCLUDE [::1]']
  return chromium.launch({
    executablePath: process.env.BELFRY_CHROMIUM ?? '/usr/bin/chromium',
    chromiumSandbox: process.getuid() !== 0,
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--host-resolver-rules=${rules.join(', ')}`,
    ],
  })
}

// A page in a context of its own that notes whatever must not happen.
//   { page, context, complaints, calm() }   calm: fails when the server's pages asked another host for something, broke
//                                           the content security policy, or wrote an error to the console
export async function visit(browser, { url, size = 'phone', dark = false, javaScript = true, ...more }) {
  const context = await browser.newContext({
    ...SIZES[size],
    baseURL: url,
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    javaScriptEnabled: javaScript,
    ...more,
  })
  const complaints = []
  const home = new URL(url).host
  const visited = new Set()
  context.on('request', (request) => {
    if (request.isNavigationRequest()) visited.add(request.url())
    const asked = new URL(request.url())
    if (/^(https?|wss?):$/.test(asked.protocol) && asked.host !== home) complaints.push(`asked ${asked.host} for ${asked.href}`)
  })
  context.on('console', (message) => {
    // A page that says no, such as a form that came back, is noted by the browser as if something of it were missing.
    const saysNo = /the server responded with a status of (4\d\d|502)/.test(message.text()) && visited.has(message.location().url)
    if (message.type() === 'error' && !saysNo) complaints.push(`console: ${message.text()}`)
  })
  context.on('weberror', (error) => complaints.push(`script: ${error.error().message}`))
  await context.exposeBinding('belfryPolicyBroken', (_, what) => complaints.push(`policy: ${what}`))
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      window.belfryPolicyBroken(`${event.effectiveDirective} refused ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`)
    })
  })
  const page = await context.newPage()
  const calm = () => assert(complaints.length === 0, `what must not happen on a page:\n${complaints.join('\n')}`)
  return { page, context, complaints, calm }
}

// ── Checks of a page ────────────────────────────────────────────────────────────────────────────────────────────────

const RULES = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }

// Fails with everything that axe finds against WCAG 2.2 AA and good practice. It is brought in past the page's policy.
// `rules` names the only ones to look at: colours change with the theme, and nothing else does; `within` the only part of
// the page: what an open menu lies over is covered, and is to be.
export async function audit(page, { rules, within } = {}) {
  const session = await page.context().newCDPSession(page)
  await session.send('Runtime.evaluate', { expression: `window.axe ?? (() => { ${axe} })()` })
  const runOnly = rules ? { type: 'rule', values: rules } : RULES
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    expression: `axe.run(${within ? JSON.stringify(within) : 'document'}, { resultTypes: ['violations'], runOnly: ${JSON.stringify(runOnly)} })
      .then((results) => results.violations.map(({ id, help, nodes }) => ({ id, help,
        nodes: nodes.map((node) => node.target.join(' ') + ': ' + node.failureSummary.replace(/\\s+/g, ' ')) })))`,
    awaitPromise: true,
    returnByValue: true,
  })
  await session.detach()
  assert(!exceptionDetails, `axe could not look at ${page.url()}: ${exceptionDetails?.exception?.description}`)
  const findings = result.value.map(({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.join('\n    ')}`)
  assert(findings.length === 0, `axe found on ${page.url()}:\n  ${findings.join('\n  ')}`)
}

// Fails when the page is wider than the screen, and names what reaches out of it.
export async function noSideways(page) {
  const width = page.viewportSize().width
  const found = await page.evaluate((width) => {
    const scrolled = (element) => {
      for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
        if (getComputedStyle(at).overflowX !== 'visible') return true
      }
      return false
    }
    const name = (element) => element.tagName.toLowerCase() + (element.id ? `#${element.id}` : '') + (element.classList.length ? `.${[...element.classList].join('.')}` : '')
    const wide = document.documentElement.scrollWidth
    if (wide <= width) return null
    const outside = [...document.body.querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > width + 0.5 && !scrolled(element))
    return { wide, outside: outside.slice(0, 8).map((element) => `${name(element)} to ${Math.round(element.getBoundingClientRect().right)}`) }
  }, width)
  assert(found === null, `${page.url()} scrolls sideways: ${found?.wide} px wide on a screen of ${width}\n  ${found?.outside.join('\n  ')}`)
}

// Fails when something lies over the middle of a link, button or field, so that a tap would not reach it.
export async function noOverlap(page, { within } = {}) {
  const covered = await page.evaluate((within) => {
    const found = []
    const name = (element) => element.outerHTML.replace(/\s+/g, ' ').slice(0, 90)
    const dialog = [...document.querySelectorAll('dialog[open]')].at(-1)
    const before = [window.scrollX, window.scrollY]
    for (const control of (within ? document.querySelector(within) : dialog ?? document).querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
      if (!control.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue
      control.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' })
      const box = control.getClientRects()[0]
      if (!box || box.width < 2 || box.height < 2) continue // kept for screen readers only
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2]
      if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) continue
      const top = document.elementFromPoint(x, y)
      const mine = top && (control.contains(top) || top.contains(control) || [...(control.labels ?? [])].some((label) => label.contains(top)))
      if (!mine) found.push(`${name(control)}\n    lies under ${top ? name(top) : 'nothing that can be touched'}`)
    }
    window.scrollTo(...before)
    return found
  }, within)
  assert(covered.length === 0, `on ${page.url()}:\n  ${covered.join('\n  ')}`)
}

// Fails when two things that can be pressed share ground, or two lines of text lie over one another. What floats (the
// bar below, an open menu) may lie over what scrolls beneath it, so each layer is compared with itself.
export async function noCollision(page) {
  const found = await page.evaluate(() => {
    const CONTROLS = 'a[href], button, input:not([type=hidden]), select, textarea, summary'
    const name = (element) => element.outerHTML.replace(/\s+/g, ' ').slice(0, 90)
    const parents = (element) => { const all = []; for (let at = element; at; at = at.parentElement) all.push(at); return all }
    const meet = (a, b) => ({ left: Math.max(a.left, b.left), top: Math.max(a.top, b.top), right: Math.min(a.right, b.right), bottom: Math.min(a.bottom, b.bottom) })
    // What is left of a box inside everything that cuts it off, and the layer it is painted in.
    const seen = (element, box) => {
      let layer = document.body
      for (const at of parents(element)) {
        const style = getComputedStyle(at)
        if (style.overflowX !== 'visible' || style.clipPath !== 'none' || style.clip !== 'auto') box = meet(box, at.getBoundingClientRect())
        if (['fixed', 'sticky'].includes(style.position) || (style.position === 'absolute' && style.zIndex !== 'auto') || at.localName === 'dialog') { layer = at; break }
      }
      return { box, layer }
    }
    const shown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    const large = (box) => 2 < box.right - box.left && 2 < box.bottom - box.top
    const controls = [...document.querySelectorAll(CONTROLS)].filter(shown).flatMap((element) => [...element.getClientRects()].map((box) => ({ element, ...seen(element, box) }))).filter(({ box }) => large(box))
    const found = []
    const related = (a, b) => a.contains(b) || b.contains(a) || [...(a.labels ?? [])].some((label) => label.contains(b)) || [...(b.labels ?? [])].some((label) => label.contains(a))
    controls.forEach((one, index) => controls.slice(index + 1).forEach((other) => {
      if (one.layer !== other.layer || related(one.element, other.element)) return
      if (large(meet(one.box, other.box))) found.push(`${name(one.element)}\n    shares ground with ${name(other.element)}`)
    }))
    const lines = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.data.trim() || !node.parentElement || !shown(node.parentElement)) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      for (const box of range.getClientRects()) {
        const line = { node, ...seen(node.parentElement, box) }
        if (large(line.box)) lines.push(line)
      }
    }
    lines.forEach((one, index) => lines.slice(index + 1).forEach((other) => {
      if (one.layer !== other.layer || one.node === other.node) return
      const both = meet(one.box, other.box)
      // Lines that stand close share a little of what letters reach above and below.
      const height = Math.min(one.box.bottom - one.box.top, other.box.bottom - other.box.top)
      if (2 < both.right - both.left && height * 0.4 < both.bottom - both.top) found.push(`“${one.node.data.trim().slice(0, 50)}” lies over “${other.node.data.trim().slice(0, 50)}”`)
    }))
    return found
  })
  assert(found.length === 0, `on ${page.url()} at ${page.viewportSize().width} px:\n  ${found.slice(0, 12).join('\n  ')}`)
}

// Fails when something is too small for a thumb: less than 44 px either way. A link within a sentence may be as high as
// its line, and what is tapped by its label is as large as both (WCAG 2.5.8 allows both).
export async function touchable(page) {
  const small = await page.evaluate(() => {
    const found = []
    for (const control of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
      if (!control.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue
      const parts = [control, ...(control.labels ?? [])]
      const boxes = parts.map((part) => part.getBoundingClientRect())
      const box = { width: Math.max(...boxes.map((box) => box.right)) - Math.min(...boxes.map((box) => box.left)), height: Math.max(...boxes.map((box) => box.bottom)) - Math.min(...boxes.map((box) => box.top)) }
      if (box.width < 2 || box.height < 2) continue // kept for screen readers only
      // A ::before or ::after that fills a card or a line makes all of it one target.
      const spread = parts.flatMap((part) => ['::before', '::after'].map((layer) => getComputedStyle(part, layer))).filter((layer) => layer.content !== 'none' && layer.position === 'absolute')
      const most = (side) => Math.max(box[side], ...spread.map((layer) => parseFloat(layer[side]) || 0))
      const grown = { width: most('width'), height: most('height') }
      if (44 <= Math.round(grown.width) && 44 <= Math.round(grown.height)) continue
      const around = control.parentElement?.textContent?.trim() ?? ''
      const inSentence = getComputedStyle(control).display === 'inline' && (control.textContent ?? '').trim().length < around.length
      if (!inSentence) found.push(`${control.outerHTML.replace(/\s+/g, ' ').slice(0, 110)}\n    is ${Math.round(grown.width)} × ${Math.round(grown.height)} px`)
    }
    return found
  })
  assert(small.length === 0, `too small for a thumb on ${page.url()}:\n  ${small.join('\n  ')}`)
}

// Everything that every page must pass, in the state it is in.
export async function inspect({ page, calm }) {
  await audit(page)
  await noSideways(page)
  await noOverlap(page)
  calm()
}

// What the first load of an address costs with an empty cache, signed in as the page given is: bytes as they came over
// the wire and requests until the page has loaded, pictures apart. A stream of events is not a load.
//   { bytes, requests, pictures: { bytes, requests }, parts: [{ url, type, bytes }] }
export async function weigh(page, url) {
  const { width, height } = page.viewportSize()
  const context = await page.context().browser().newContext({
    storageState: await page.context().storageState(),
    viewport: { width, height },
    serviceWorkers: 'block',
  })
  try {
    const fresh = await context.newPage()
    const session = await context.newCDPSession(fresh)
    const parts = new Map()
    session.on('Network.requestWillBeSent', ({ requestId, request, type }) => {
      // A stream has no end, and the picture for the tab comes when everything else is there.
      if (['EventSource', 'Other'].includes(type) || !request.url.startsWith('http')) return
      parts.set(requestId, { url: request.url, type, bytes: parts.get(requestId)?.bytes ?? 0 })
    })
    const ended = ({ requestId, encodedDataLength = 0 }) => {
      const part = parts.get(requestId)
      if (part) Object.assign(part, { bytes: encodedDataLength, ended: true })
    }
    session.on('Network.loadingFinished', ended)
    session.on('Network.loadingFailed', ended)
    await session.send('Network.enable')
    await fresh.goto(new URL(url, page.url()).href, { waitUntil: 'load' })
    // What its scripts fetch before it can be used belongs to the first load.
    await fresh.waitForFunction(() => !document.querySelector(':not(:defined)'))
    const all = [...parts.values()]
    await until(() => all.filter((part) => !part.ended).map((part) => part.url), (open) => open.length === 0, { withinMs: 20_000, everyMs: 20 })
    const sum = (some) => ({ bytes: some.reduce((total, part) => total + part.bytes, 0), requests: some.length })
    return { ...sum(all.filter((part) => part.type !== 'Image')), pictures: sum(all.filter((part) => part.type === 'Image')), parts: all }
  } finally {
    await context.close()
  }
}

// Saves a picture of the page where BELFRY_SHOTS names a folder; else does nothing.
export async function shot(page, name, options = {}) {
  const folder = process.env.BELFRY_SHOTS
  if (!folder) return
  fs.mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled', ...options })
}

// The servers that tests/counterparts/up started; its README tells what is in it.
export function counterparts() {
  const file = process.env.BELFRY_COUNTERPARTS
  assert(file, 'BELFRY_COUNTERPARTS does not name the file that tests/counterparts/up --json wrote')
  return JSON.parse(fs.readFileSync(file, 'utf8'))
}

// Asks until the answer fits, at most for the time given; `ask` says what it waits for by its name.
export async function until(ask, fits, { withinMs = 60_000, everyMs = 200 } = {}) {
  const late = AbortSignal.timeout(withinMs)
  for (let last; ; ) {
    last = await ask()
    if (fits(last)) return last
    assert(!late.aborted, `not within ${withinMs} ms; the last answer was ${JSON.stringify(last)}`)
    await new Promise((resolve) => AbortSignal.timeout(everyMs).addEventListener('abort', resolve))
  }
}
