// Every page, found by walking its links and forms from Today, so that none can be forgotten: of a workspace in which
// nothing has happened yet, and of one in which everything has. Each is looked at on a phone and a desktop, dark and
// light, with what folds open, and with forms that came back; and weighed.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { after, before, describe, test } from 'node:test'

import { audit, launch, noCollision, noOverlap, noSideways, startBelfry, touchable, visit, weigh } from './harness.mjs'
import { ARABIC, fill, hands, setUp } from './workspace.mjs'

// How many pages of one kind are looked at where one is not enough: each state has a post of its own.
const MOST = { '/posts/{id}': 20, '/channels/{id}': 8, '/inbox/{id}': 4, '/posts/{id}/edit': 2, '/media/{id}': 2, '/practice/posts/{id}': 3 }
const NARROW = { width: 360, height: 740 }
const TABLET = { width: 768, height: 1024 }
const POLICY = ["default-src 'self'", "frame-ancestors 'none'"]

let belfry, browser, person, home
before(async () => {
  belfry = await startBelfry({ args: ['serve', '--test-clock'] })
  browser = await launch()
  const context = await browser.newContext({ baseURL: belfry.url })
  person = { context, ...hands(context, belfry.url) }
})
after(async () => {
  await browser?.close()
  await belfry?.stop()
})

// ── The walk ────────────────────────────────────────────────────────────────────────────────────────────────────────

// What a page is one of: its address without ids, days and the workspace. A word that is asked for alone tells pages apart.
const kindOf = (url) => {
  const id = /^([0-9A-Z]{26}|[0-9A-Z]{32,}|[ap]\d+)$/
  const path = url.pathname.replace(home, '').split('/').map((part) => (id.test(part) ? '{id}' : part)).join('/')
  const alone = url.searchParams.size === 1
  const query = [...url.searchParams].map(([name, value]) => (alone && /^[a-z_]+$/.test(value) ? `${name}=${value}` : name)).sort()
  return path + (query.length ? `?${query.join('&')}` : '')
}

// All pages that links and forms lead to, from Today.
async function walk() {
  const reader = await browser.newPage()
  const seen = new Map()
  const found = []
  const open = [`${home}/today`]
  while (open.length) {
    const path = open.shift()
    const url = new URL(path, belfry.url)
    const kind = kindOf(url)
    const known = seen.get(kind) ?? new Set()
    if (known.has(path) || (MOST[kind] ?? 1) <= known.size) continue
    seen.set(kind, known.add(path))
    const answer = await person.context.request.get(path)
    if (!answer.headers()['content-type']?.startsWith('text/html')) continue
    assert.equal(answer.status(), 200, `${path} is linked and answers ${answer.status()}`)
    found.push({ path, kind })
    const next = await reader.evaluate(leadsTo, { html: await answer.text(), base: url.href })
    open.push(...next.filter((href) => new URL(href, belfry.url).origin === belfry.url))
  }
  await reader.close()
  return found
}

// Where the links and the forms that only ask lead: a form with each of its choices.
function leadsTo({ html, base }) {
  const page = new DOMParser().parseFromString(html, 'text/html')
  const whole = (href) => { const url = new URL(href, base); url.hash = ''; return url.href }
  const links = [...page.querySelectorAll('a[href]')].map((link) => whole(link.getAttribute('href')))
  const asked = [...page.querySelectorAll('form[method=get], form:not([method])')].flatMap((form) => {
    const fields = [...form.querySelectorAll('input[name], select[name]')]
    const value = (field) => (field.localName === 'select' ? (field.querySelector('option[selected]') ?? field.querySelector('option'))?.getAttribute('value') : field.getAttribute('value')) ?? ''
    const sent = (name, chosen) => {
      const url = new URL(form.getAttribute('action') || base, base)
      url.search = new URLSearchParams(fields.map((field) => [field.getAttribute('name'), field.getAttribute('name') === name ? chosen : value(field)])).toString()
      return url.href
    }
    const choices = fields.flatMap((field) => [...field.querySelectorAll('option')].map((option) => sent(field.getAttribute('name'), option.getAttribute('value') ?? option.textContent)))
    return [sent(), ...choices]
  })
  return [...links, ...asked].filter((href) => href.startsWith('http')).map((href) => href.replace(new URL(base).origin, '') || '/')
}

// ── What every page must pass ───────────────────────────────────────────────────────────────────────────────────────

async function geometry(page) {
  await noSideways(page)
  await noOverlap(page)
  await noCollision(page)
}

// One page at one size: as it comes, in the other colours, at the width between, and with everything open.
async function look(visitor, { path }, phone) {
  const { page } = visitor
  const answer = await page.goto(path)
  const policy = answer.headers()['content-security-policy'] ?? ''
  for (const part of POLICY) assert(policy.includes(part), `${path} has the policy “${policy}”`)
  assert(!/unsafe|https?:/.test(policy), `${path} has the policy “${policy}”`)
  assert.equal(await page.locator('h1').count(), 1, `${path} has one h1`)
  await audit(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await audit(page, { rules: ['color-contrast'] })
  await page.emulateMedia({ colorScheme: 'light' })
  await geometry(page)
  if (phone) {
    await touchable(page)
    const size = page.viewportSize()
    for (const other of [NARROW, TABLET]) {
      await page.setViewportSize(other)
      await geometry(page)
    }
    await page.setViewportSize(size)
  }
  await unfold(visitor, phone)
  visitor.calm()
}

// Opens what folds, each menu and each sheet, and looks again.
async function unfold({ page }, phone) {
  const folds = await page.evaluate(() => {
    const closed = [...document.querySelectorAll('details:not(.menu, [open])')]
    for (const fold of closed) fold.open = true
    return closed.length
  })
  if (folds) {
    if (phone) await audit(page)
    await geometry(page)
    if (phone) await touchable(page)
  }
  for (const menu of await page.locator('details.menu').all()) {
    if (!(await menu.isVisible())) continue
    await menu.locator('summary').click()
    await audit(page, { within: 'details.menu[open]' })
    await noSideways(page)
    await noOverlap(page, { within: 'details.menu[open]' })
    await menu.locator('summary').click()
  }
  for (const opener of await page.locator('[data-opens]').all()) {
    if (!(await opener.isVisible())) continue
    const sheet = page.locator(`dialog#${await opener.getAttribute('data-opens')}`)
    await opener.click()
    await sheet.waitFor()
    await audit(page)
    await geometry(page)
    if (phone) await touchable(page)
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'hidden' })
    assert(await opener.evaluate((button) => button === document.activeElement), `${page.url()}: the focus comes back from ${await sheet.getAttribute('id')}`)
  }
}

// Does the work on each thing with two hands: the machine has two cores at least. Everything that fails is told.
async function each(things, make, work) {
  const queue = [...things]
  const failures = []
  const hand = async () => {
    const visitor = await make()
    for (let thing = queue.shift(); thing; thing = queue.shift()) {
      visitor.complaints.length = 0
      await work(visitor, thing).catch((error) => failures.push(error.message))
    }
    await visitor.context.close()
  }
  await Promise.all([hand(), hand()])
  const told = [...new Set(failures)]
  assert(told.length === 0, `${told.length} things to put right:\n\n${told.join('\n\n')}`)
}

const signedIn = async (size) => visit(browser, { url: belfry.url, size, timezoneId: 'UTC', storageState: await person.context.storageState() })

// ── Forms that come back ────────────────────────────────────────────────────────────────────────────────────────────

// The forms of a page in which something is typed, each once.
async function formsOf(page) {
  return page.evaluate(() => [...document.forms].map((form, index) => ({
    index,
    sends: form.method === 'post',
    names: [...form.elements].filter((field) => field.matches('textarea, input:not([type=hidden], [type=checkbox], [type=radio], [type=file], [type=submit])')).map((field) => field.name),
    to: new URL(form.action).pathname,
  })).filter((form) => form.sends && form.names.length))
}

// Sends a form without anything, or with what no field takes, and looks at what comes back.
async function sendWrong(visitor, { path, index, how }) {
  const { page } = visitor
  await page.goto(path)
  // A try before this one may have been taken: where only a link is typed, it may be left out.
  if (!(await page.evaluate((index) => index in document.forms, index))) return
  const answered = page.waitForEvent('response', (response) => response.request().isNavigationRequest() && response.request().method() === 'POST')
  const loaded = page.waitForEvent('load')
  await page.evaluate(({ index, how }) => {
    const form = document.forms[index]
    form.noValidate = true
    for (const field of form.elements) {
      if (!field.matches('textarea, input:not([type=hidden], [type=checkbox], [type=radio], [type=file], [type=submit])')) continue
      field.removeAttribute('maxlength')
      field.value = how === 'empty' ? '' : field.type === 'date' ? '1999-01-01' : field.type === 'time' ? '' : `https://${'x'.repeat(3000)}`
    }
    const submit = [...form.querySelectorAll('button:not([type=button])')].at(-1)
    form.requestSubmit(submit)
  }, { index, how })
  const answer = await answered
  await loaded
  assert(answer.status() < 500 || answer.status() === 502, `${path}: the form sent ${how} answers ${answer.status()}`)
  await audit(page)
  await geometry(page)
  await touchable(page)
  await page.setViewportSize(NARROW)
  await geometry(page)
  await page.setViewportSize({ width: 390, height: 844 })
  visitor.calm()
}

// ── What is told ────────────────────────────────────────────────────────────────────────────────────────────────────

describe('every page', () => {
  let pages = []

  test('of the way in, before anyone has set it up', async () => {
    await each([{ path: '/setup' }], () => visit(browser, { url: belfry.url }), (visitor, page) => look(visitor, page, true))
    await each([{ path: '/setup', index: 0, how: 'empty' }, { path: '/setup', index: 0, how: 'wrong' }], () => visit(browser, { url: belfry.url }), sendWrong)
  })

  for (const full of [false, true]) {
    describe(full ? 'of a workspace in which everything has happened' : 'of a workspace in which nothing has happened yet', () => {
      before(async () => {
        home ??= await setUp(belfry, person)
        if (full) await fill(belfry, person, home)
        pages = await walk()
      })

      test('is found', (context) => {
        context.diagnostic(`${pages.length} pages of ${new Set(pages.map((page) => page.kind)).size} kinds: ${[...new Set(pages.map((page) => page.kind))].join(' ')}`)
        assert(15 < pages.length, 'the walk leads somewhere')
      })
      test('is fit for a phone', () => each(pages, () => signedIn('phone'), (visitor, page) => look(visitor, page, true)))
      test('is fit for a desktop', () => each(pages, () => signedIn('desktop'), (visitor, page) => look(visitor, page, false)))
    })
  }

  test('of the router has a link that leads to it', async () => {
    const source = new URL('../../src/pages/', import.meta.url)
    const files = fs.readdirSync(source).map((room) => new URL(`${room}/mod.rs`, source)).filter((file) => fs.existsSync(file))
    const routes = files.flatMap((file) => [...fs.readFileSync(file, 'utf8').matchAll(/Route::get\(\s*"([^"]+)"/g)].map(([, path]) => path))
    assert(20 < routes.length, 'the routes are read')
    const walked = pages.map((page) => page.path.split('?')[0])
    const unwalked = routes.filter((route) => !walked.some((path) => new RegExp(`^${route.replace(/\{[^}]*\}/g, '[^/]+')}$`).test(path)))
    for (const route of unwalked) {
      // What is only a part of a page, or leads on, is no page.
      const like = walked.find((path) => path.startsWith(route.split(/\{(?!slug)/)[0].replace('{slug}', home.split('/').pop())))
      const ids = like?.match(/[0-9A-Z]{26}|[ap]\d+$/)
      const path = route.replace('{slug}', home.split('/').pop()).replace(/\{[^}]*\}/, ids?.[0] ?? 'none')
      const answer = await person.context.request.get(path, { maxRedirects: 0 })
      const whole = answer.status() === 200 && /^text\/html/.test(answer.headers()['content-type'] ?? '') && /<!doctype html>/i.test(await answer.text())
      assert(!whole || /^\/(sign-in|setup|invite)/.test(route) || route.endsWith('/events'), `${route} is a page that no link leads to`)
    }
  })

  test('is light to load', async (context) => {
    const weights = []
    await each([...new Map(pages.map((page) => [page.kind.split('?')[0], page])).values()], () => signedIn('phone'), async ({ page }, { path, kind }) => {
      await page.goto(path, { waitUntil: 'commit' })
      const weight = await weigh(page, path)
      weights.push({ kind, ...weight })
      assert(weight.bytes <= 100_000 && weight.requests <= 12, `${path} weighs ${weight.bytes} bytes in ${weight.requests} requests`)
    })
    weights.sort((left, right) => right.bytes - left.bytes)
    for (const { kind, bytes, requests } of weights.slice(0, 5)) context.diagnostic(`${kind}: ${bytes} bytes in ${requests} requests`)
  })

  test('of the way in is light to load and fit for both', async (context) => {
    const stranger = await visit(browser, { url: belfry.url })
    await stranger.page.goto('/sign-in')
    const weight = await weigh(stranger.page, '/sign-in')
    context.diagnostic(`sign-in: ${weight.bytes} bytes in ${weight.requests} requests: ${weight.parts.map((part) => `${new URL(part.url).pathname.split('/').pop()} ${part.bytes}`).join(', ')}`)
    assert(weight.bytes <= 30_000 && weight.requests <= 5, `sign-in weighs ${weight.bytes} bytes in ${weight.requests} requests`)
    await stranger.context.close()
    await person.get(`${home}/people`)
    const invited = await person.send(`${home}/invitations`, [['role', 'viewer'], ['note', '']])
    const invitation = invited.text.match(/\/invite\/[\w-]+/)[0]
    for (const size of ['phone', 'desktop']) {
      await each([{ path: '/sign-in' }, { path: invitation }], () => visit(browser, { url: belfry.url, size }), (visitor, page) => look(visitor, page, size === 'phone'))
    }
    const wrong = ['/sign-in', invitation].flatMap((path) => ['empty', 'wrong'].map((how) => ({ path, how, index: 0 })))
    await each(wrong, () => visit(browser, { url: belfry.url }), sendWrong)
  })

  test('reads from right to left where its words do', async () => {
    const { page, context } = await signedIn('desktop')
    for (const [path, title] of [[`${home}/calendar`, '.month__title'], [`${home}/today`, '.row__title'], ['/practice', '.practice-post__text']]) {
      await page.goto(path)
      const titles = page.locator(title).filter({ hasText: ARABIC.slice(0, 12) })
      const ways = await titles.evaluateAll((all) => all.map((one) => getComputedStyle(one).direction))
      assert(0 < ways.length && ways.every((way) => way === 'rtl'), `${path}: ${title} reads ${ways}`)
    }
    await context.close()
  })

  test('that is not there says so well', () => each([{ path: `${home}/nowhere` }, { path: '/nowhere' }, { path: `${home}/posts/00000000000000000000000000` }], () => signedIn('phone'), async ({ page }, { path }) => {
    assert.equal((await page.goto(path)).status(), 404)
    await audit(page)
    await geometry(page)
    await touchable(page)
  }))

  test('that comes back with a form put wrong says so well', async () => {
    const { page, context } = await signedIn('phone')
    const wrong = new Map()
    for (const { path } of pages) {
      await page.goto(path, { waitUntil: 'domcontentloaded' })
      for (const { index, names, to } of await formsOf(page)) {
        const key = `${kindOf(new URL(to, belfry.url))} ${names}`
        if (!wrong.has(key)) wrong.set(key, { path, index })
      }
    }
    await context.close()
    const tries = [...wrong.values()].flatMap((form) => ['empty', 'wrong'].map((how) => ({ ...form, how })))
    assert(20 < tries.length, `${tries.length} forms were found`)
    await each(tries, () => signedIn('phone'), sendWrong)
  })
})
