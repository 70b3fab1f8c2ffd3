// Proves the harness: each check passes on a good page and fails, naming the fault, on a bad one. The pages come from a
// tiny server here; what stands for the program is a script of a few lines.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'

import { audit, inspect, launch, noCollision, noOverlap, noSideways, shot, startBelfry, touchable, until, visit, weigh } from './harness.mjs'

const POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'"
const page = (body, head = '') =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>
  <meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="/dot.svg">${head}</head>
  <body><main><h1>A page</h1>${body}</main></body></html>`
const PAGES = {
  '/good': page('<p>Nothing wrong here.</p><button>Press</button>', '<link rel="stylesheet" href="/style.css">'),
  '/unnamed': page('<img src="/dot.svg"><button></button>'),
  '/wide': page('<div class="wide">too wide</div><div class="box"><div class="wide">scrolls in its own box</div></div>', '<link rel="stylesheet" href="/style.css">'),
  '/covered': page('<a href="/good">A link nobody can tap</a><div class="lid"></div>', '<link rel="stylesheet" href="/style.css">'),
  '/crossed': page('<button class="pulled">One</button><br><button class="pulled">Two</button><p>Some words that stand here</p><p class="raised">Others that were pulled over them</p>', '<link rel="stylesheet" href="/style.css">'),
  '/floating': page('<button>One</button><nav class="bar"><button>Two</button></nav><div class="box"><p class="wide tall">Cut off by its box</p></div><p>Below the box</p>', '<link rel="stylesheet" href="/style.css">'),
  '/thumbs': page('<a class="small" href="/good">Small</a><p>A sentence with <a href="/good">a link</a> in it.</p><label class="large">A box <input type="checkbox"></label>', '<link rel="stylesheet" href="/style.css">'),
  '/inline': page('<script>document.title = "changed"</script>'),
  '/broken': page('', '<script src="/broken.js"></script>'),
  '/foreign': page('<p>Asks elsewhere</p>', '<script src="/foreign.js"></script>'),
}
const FILES = {
  '/style.css': ['text/css', `.wide { inline-size: 900px } .box { overflow-x: auto } .lid { position: fixed; inset: 0 }
    button, .small { display: inline-block; min-block-size: 44px; min-inline-size: 60px } .small { min-block-size: 20px } .pulled { margin-block-end: -20px }
    .raised { margin-block-start: -32px } .bar { position: fixed; inset: 0 auto auto 0 } .box { block-size: 20px; overflow: hidden } .tall { block-size: 300px; line-height: 300px }
    .large { display: inline-flex; align-items: center; block-size: 44px; min-inline-size: 60px } /* ${'x'.repeat(20_000)} */`],
  '/broken.js': ['text/javascript', 'undefined.nothing'],
  '/foreign.js': ['text/javascript', 'document.head.append(Object.assign(new Image(), { src: "http://elsewhere.test/pixel.gif" }))'],
  '/dot.svg': ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
}

let browser, server, url
before(async () => {
  server = http.createServer((request, response) => {
    const [type, body] = PAGES[request.url] ? ['text/html; charset=utf-8', PAGES[request.url]] : (FILES[request.url] ?? ['text/plain', ''])
    // The page that asks elsewhere has no policy, since that would stop the request before it is made.
    const policy = request.url === '/foreign' ? {} : { 'content-security-policy': POLICY }
    response.writeHead(body ? 200 : 404, { 'content-type': type, 'content-encoding': 'gzip', ...policy })
    response.end(gzipSync(body))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${server.address().port}`
  browser = await launch({ names: { 'belfry.home.arpa': '127.0.0.1' } })
})
after(async () => {
  await browser?.close()
  server?.closeAllConnections()
  server?.close()
})

async function on(address, check, options = {}) {
  const visitor = await visit(browser, { url, ...options })
  try {
    await visitor.page.goto(address)
    await check(visitor)
  } finally {
    await visitor.context.close()
  }
}

describe('checks of a page', () => {
  for (const size of ['narrow', 'phone', 'tablet', 'desktop']) {
    test(`a good page passes everything at ${size} size`, () => on('/good', inspect, { size }))
  }

  test('a phone has touch and its own width', () =>
    on('/good', async ({ page }) => {
      assert.equal(await page.evaluate(() => matchMedia('(pointer: coarse)').matches), true)
      assert.equal(await page.evaluate(() => innerWidth), 390)
    }))

  test('a picture and a button without names are found', () =>
    on('/unnamed', ({ page }) => assert.rejects(audit(page), (error) => /image-alt/.test(error.message) && /button-name/.test(error.message))))

  test('what reaches out of the screen is found and named, what scrolls in its box is not', () =>
    on('/wide', ({ page }) => assert.rejects(noSideways(page), (error) => /div\.wide to 9/.test(error.message) && error.message.split('\n').length === 2)))

  test('a link that something lies over is found', () =>
    on('/covered', ({ page }) => assert.rejects(noOverlap(page), /A link nobody can tap[^]*lies under <div class="lid">/)))

  test('buttons and lines that lie over one another are found and named', () =>
    on('/crossed', ({ page }) => assert.rejects(noCollision(page), (error) => /One<\/button>[^]*shares ground with <button class="pulled">Two/.test(error.message) && /“Some words that stand here” lies over “Others that/.test(error.message))))

  test('what floats over the page, and what its box cuts off, is no collision', () => on('/floating', ({ page }) => noCollision(page)))

  test('what is too small for a thumb is found; a link in a sentence and a labelled box are not', () =>
    on('/thumbs', ({ page }) => assert.rejects(touchable(page), (error) => /class="small"[^]*is 60 × 20 px/.test(error.message) && error.message.split('\n').length === 3)))

  test('what the content security policy refuses is found', () =>
    on('/inline', async ({ complaints, calm }) => {
      await until(() => complaints.length, (count) => count >= 1, { withinMs: 5000 })
      assert.throws(calm, /policy: script-src-elem refused inline/)
    }))

  test('an error of a script is found', () => on('/broken', ({ calm }) => assert.throws(calm, /script: Cannot read properties/)))

  test('a request to another host is found, and leads nowhere', () =>
    on('/foreign', async ({ complaints, calm }) => {
      await until(() => complaints.length, (count) => count >= 2, { withinMs: 5000 })
      assert.throws(calm, /asked elsewhere\.test for http:\/\/elsewhere\.test\/pixel\.gif[^]*ERR_NAME_NOT_RESOLVED/)
    }))

  test('a name that is not loopback can stand for this machine', () =>
    on('/good', inspect, { url: `http://belfry.home.arpa:${server.address().port}` }))

  test('a first load is weighed as it comes over the wire', () =>
    on('/good', async ({ page }) => {
      const weight = await weigh(page, '/good')
      assert.equal(weight.requests, 2)
      assert(200 < weight.bytes && weight.bytes < 3000, `${weight.bytes} bytes`)
      assert.deepEqual(weight.pictures, { bytes: 0, requests: 0 })
      assert.equal((await weigh(page, '/unnamed')).pictures.requests, 1)
    }))

  test('a picture is saved where a folder is named', () =>
    on('/good', async ({ page }) => {
      const asked = process.env.BELFRY_SHOTS
      process.env.BELFRY_SHOTS = fs.mkdtempSync(path.join(os.tmpdir(), 'belfry-shots-'))
      try {
        await shot(page, 'good')
        assert(fs.statSync(path.join(process.env.BELFRY_SHOTS, 'good.png')).size > 1000)
      } finally {
        fs.rmSync(process.env.BELFRY_SHOTS, { recursive: true })
        if (asked) process.env.BELFRY_SHOTS = asked
        else delete process.env.BELFRY_SHOTS
      }
    }))

  test('waiting ends with the last answer when time is up', () =>
    assert.rejects(until(() => 'no', (answer) => answer === 'yes', { withinMs: 50, everyMs: 10 }), /not within 50 ms; the last answer was "no"/))
})

describe('starting the program', () => {
  let folder
  before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'belfry-stand-in-'))))
  after(() => fs.rmSync(folder, { recursive: true }))

  function standIn(name, lines) {
    const file = path.join(folder, name)
    fs.writeFileSync(file, `#!/usr/bin/env node\n${lines.join('\n')}\n`, { mode: 0o755 })
    return file
  }

  test('the address and the set-up code are read from what it prints, and a stop leaves nothing', async () => {
    process.env.BELFRY_SHOTS_OF_NOBODY = 'x'
    const program = standIn('good', [
      "console.log('Belfry answers at http://127.0.0.1:' + 45678)",
      "console.log('Set-up code: K7QF-2M9D-XW3T')",
      "console.log(Object.keys(process.env).filter((name) => name.startsWith('BELFRY_')).sort().join(' '))",
      'process.stdin.resume(); setInterval(() => {}, 1000)',
    ])
    const belfry = await startBelfry({ program, env: { BELFRY_LOG_LEVEL: 'debug' } })
    delete process.env.BELFRY_SHOTS_OF_NOBODY
    assert.equal(belfry.url, 'http://127.0.0.1:45678')
    assert.equal(belfry.code, 'K7QF-2M9D-XW3T')
    await until(() => belfry.lines.length, (count) => count === 3, { withinMs: 5000, everyMs: 10 })
    assert.equal(belfry.lines[2], 'BELFRY_DATA BELFRY_LISTEN BELFRY_LOG_LEVEL')
    assert.equal(await belfry.stop(), 'SIGTERM')
    assert(!fs.existsSync(belfry.folder))
  })

  test('an early end is told with what was printed', async () => {
    const program = standIn('bad', ["console.error('the data folder is in use')", 'process.exitCode = 3'])
    await assert.rejects(startBelfry({ program }), /ended with 3[^]*the data folder is in use/)
  })

  test('a program that is not there is told', () => assert.rejects(startBelfry({ program: path.join(folder, 'none') }), /ENOENT/))
})
