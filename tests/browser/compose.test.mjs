// Compose and the page of a post, on a phone and on a desktop, with scripts and without: live checks and the presses that
// mend, variants, previews, the one button, and what happens to words when the connection dies.
//
// Practice is inside the program. What stands for a Mastodon server, a Bluesky server and a webhook's receiver only lets
// itself be connected: nothing is published there.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import http from 'node:http'
import { after, before, describe, test } from 'node:test'

import { inspect, launch, noSideways, order, shot, startBelfry, until, visit, weigh } from './harness.mjs'

const PASSWORD = 'a long quiet evening'
const HOME = '/w/riverside-food-bank'
const PHOTO = fs.readFileSync(new URL('../fixtures/media/lying-with-place.jpg', import.meta.url))
const LONG_NAME = 'Donaudampfschifffahrtsgesellschaftskapit'
const GERMAN = 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz und Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'
const WORDS = 'Saturday we open at nine. Bring a bag, bring a friend: there is bread, fruit and coffee for everyone until it is gone.'

/** Answers just enough for a channel to be connected. */
const ANSWERS = {
  '/api/v2/instance': { domain: 'riverside.social', version: '4.4.0', configuration: { statuses: { max_characters: 500, max_media_attachments: 4, characters_reserved_per_url: 23 } } },
  '/api/v1/accounts/verify_credentials': { id: '7', username: 'riverside', acct: 'riverside', display_name: 'Riverside Food Bank', url: 'https://riverside.social/@riverside', source: { privacy: 'public' } },
  '/xrpc/com.atproto.server.createSession': { did: 'did:plc:riverside222222222222222', handle: 'riverside.example', accessJwt: 'access', refreshJwt: 'refresh', active: true },
  '/xrpc/com.atproto.server.describeServer': { did: 'did:web:riverside.example', availableUserDomains: [] },
  '/hook': {},
}

let browser, belfry, standIn
let offset = 0

const pass = async (ms) => { offset += ms; await order(belfry.folder, { clock: { offset_ms: offset } }) }

let state
/** A page of someone who is signed in. */
const open = async (size = 'phone', options = {}) => {
  const visitor = await visit(browser, { url: belfry.url, size, storageState: state, timezoneId: 'UTC', ...options })
  // Something of what the browser says of a lost connection is wanted.
  visitor.close = () => visitor.context.close()
  return visitor
}
const until1 = (ask, fits) => until(ask, fits, { withinMs: 10_000, everyMs: 50 })
const text = (page, selector) => page.locator(selector).first().innerText()
const saved = (page) => until1(() => page.locator('[id^=saved-]').getAttribute('data-state'), (state) => state === 'done')

before(async () => {
  standIn = http.createServer((request, response) => {
    request.resume()
    const body = ANSWERS[request.url.split('?')[0]]
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body ?? { error: 'not here' }))
  })
  await new Promise((resolve) => standIn.listen(0, '127.0.0.1', resolve))
  const elsewhere = `http://127.0.0.1:${standIn.address().port}`
  belfry = await startBelfry({ args: ['serve', '--test-clock'], env: { BELFRY_ALLOW_HOSTS: new URL(elsewhere).host } })
  browser = await launch()
  const { page, context } = await visit(browser, { url: belfry.url, timezoneId: 'UTC' })
  await page.goto('/')
  for (const [name, value] of Object.entries({ code: belfry.code, name: 'Ada', sign_in: 'ada', password: PASSWORD, workspace: 'Riverside Food Bank' })) {
    await page.locator(`[name=${name}]`).fill(value)
  }
  await page.locator('form button[type=submit], form button:not([type])').last().click()
  await page.waitForURL(/\/w\/riverside-food-bank/)
  const connect = async (network, fields) => {
    await page.goto(`${HOME}/channels/new/${network}`)
    for (const fold of await page.locator('main details').all()) await fold.evaluate((details) => (details.open = true))
    const form = page.locator('main form').filter({ has: page.locator(`[name=${Object.keys(fields)[0]}]`) })
    for (const [name, value] of Object.entries(fields)) await form.locator(`[name=${name}]`).fill(value)
    await form.locator('button').first().click()
    await page.waitForLoadState('load')
    assert.match(page.url(), /\/channels\/[0-9A-Z]{26}/, await page.locator('main').innerText())
  }
  await connect('practice', { name: LONG_NAME })
  await connect('mastodon', { token: 'token', server: elsewhere })
  await connect('bluesky', { password: 'abcd-efgh-ijkl-mnop', handle: 'riverside.example', server: elsewhere })
  await connect('webhook', { url: `${elsewhere}/hook`, secret: `whsec_${Buffer.alloc(24, 7).toString('base64')}` })
  state = await context.storageState()
  await context.close()
})
after(async () => {
  await browser?.close()
  await belfry?.stop()
  standIn?.closeAllConnections()
  standIn?.close()
})

const LIMIT = WORDS.repeat(4)
const fold = (page, mark) => page.locator('#compose-variants details').filter({ has: page.getByRole('img', { name: mark }) })
const chip = (page, mark) => page.locator('.chip').filter({ has: page.getByRole('img', { name: mark }) })
const problems = (page) => page.locator('#compose-problems').innerText()
const wish = (page, name) => page.locator('.segments__one').filter({ hasText: name })
const button = (page) => page.locator('button[name=do][value=go]')

describe('compose, while someone types', () => {
  let visitor, page
  before(async () => {
    visitor = await open()
    page = visitor.page
  })
  after(() => visitor.close())

  test('problems and counts come from the server, and the caret stays where it is', async () => {
    await page.goto(`${HOME}/compose`)
    await page.locator('[name=text]').fill(`${LIMIT} https://www.riverside.example/winter/appeal/2026/and-more`)
    await until1(() => problems(page), (told) => told.includes('characters too many'))
    // By the networks' own rules: Mastodon counts the link as 23, Bluesky as it is typed.
    const used = (mark) => page.locator('char-counter').filter({ has: page.locator(`[data-network=${mark}]`) }).getAttribute('data-used')
    assert.equal(Number(await used('bluesky')) - Number(await used('mastodon')), 'https://www.riverside.example/winter/appeal/2026/and-more'.length - 23)
    assert.deepEqual(await page.locator('.chip__warning').filter({ has: page.locator('svg') }).count() > 0, true)

    await page.locator('[name=text]').evaluate((field) => field.setSelectionRange(5, 5))
    const heard = await page.evaluate(() => {
      window.heard = 0
      new MutationObserver((changes) => (window.heard += changes.length)).observe(document.getElementById('compose-said'), { childList: true, characterData: true, subtree: true })
    })
    assert.equal(heard, undefined)
    const before = await problems(page)
    await page.keyboard.type('xyz')
    await until1(() => problems(page), (told) => told !== before)
    assert.deepEqual(await page.evaluate(() => [document.activeElement.name, document.activeElement.selectionStart]), ['text', 8])
    assert.equal(await page.evaluate(() => window.heard), 0, 'the same news is not read out again')
    await inspect(visitor)
  })

  test('one press makes a thread on the channel that needs it, and can be taken back', async () => {
    await page.locator('#compose-problems .note').filter({ hasText: 'riverside.example' }).getByRole('button', { name: 'Split into a thread' }).click()
    const own = fold(page, 'Bluesky').locator('textarea')
    await until1(() => own.inputValue(), (value) => value.includes('\n---\n'))
    assert.equal(await own.evaluate((field) => field === document.activeElement), true)
    assert.equal(await page.locator('[name=text]').inputValue().then((value) => value.includes('---')), false)
    await until1(() => problems(page), (told) => told.includes('now says something of its own'))
    await saved(page)
    await inspect(visitor)
    await page.locator('#compose-problems').getByRole('button', { name: 'Undo' }).click()
    await until1(() => own.inputValue(), (value) => value === '')
  })

  test('a channel that is ticked has its own text at once, and what was typed for another stays', async () => {
    const practice = fold(page, 'Practice')
    await practice.locator('summary').click()
    await practice.locator('textarea').fill('For Practice alone')
    await chip(page, 'Mastodon').click()
    await until1(() => fold(page, 'Mastodon').count(), (count) => count === 0)
    await chip(page, 'Mastodon').click()
    await until1(() => fold(page, 'Mastodon').count(), (count) => count === 1)
    assert.equal(await practice.locator('textarea').inputValue(), 'For Practice alone')
    assert.equal(await practice.evaluate((details) => details.open), true)
  })

  test('the preview peeks from below, follows what is typed, and folds what has a warning', async () => {
    await page.getByRole('button', { name: 'Preview', exact: true }).click()
    const preview = (network) => page.locator(`.preview[data-network=${network}]`)
    assert.match(await preview('practice').innerText(), /For Practice alone/)
    assert.match(await preview('mastodon').innerText(), /riverside\.example\/winter\/appea…/)
    assert.match(await preview('bluesky').innerText(), /https:\/\/www\.riverside\.example\/winter/)
    assert.match(await preview('webhook').innerText(), /"visibility": "public"/)
    await page.locator('[name=text]').fill('One\n---\nTwo')
    await until1(() => preview('mastodon').innerText(), (told) => told.includes('2 of 2'))
    await inspect(visitor)
    await shot(page, 'compose-preview-phone')
    await page.locator('#compose-more').evaluate((details) => (details.open = true))
    await page.locator('[name=warning]').fill('Food')
    await until1(() => preview('mastodon').locator('details').count(), (count) => count === 2)
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    await until1(() => preview('mastodon').isVisible(), (shown) => !shown)
  })

  test('the one button says what will happen', async () => {
    const name = () => button(page).evaluate((element) => element.innerText.trim())
    await page.locator('[name=date]').fill('2031-03-30')
    await page.locator('[name=time]').fill('10:15')
    await until1(name, (told) => told.includes('10:15'))
    assert.equal(await page.getByRole('button', { name: /^Schedule for Sun 30 Mar 2031 10:15/ }).count(), 1)
    await wish(page, 'Now').click()
    assert.equal(await name(), 'Publish now')
    await wish(page, 'Draft').click()
    assert.equal(await name(), 'Save draft')
    await inspect(visitor)
    await button(page).click()
    await page.waitForURL(/\/posts\/[0-9A-Z]{26}$/)
    await page.goto(`${page.url()}/edit`)
    assert.equal(await fold(page, 'Practice').locator('textarea').inputValue(), 'For Practice alone')
    await inspect(visitor)
  })
})

describe('compose, in every size and state', () => {
  for (const [size, dark] of [['phone', false], ['narrow', true], ['desktop', false], ['desktop', true]]) {
    test(`${size}, ${dark ? 'dark' : 'light'}`, async () => {
      const visitor = await open(size, { dark })
      const { page } = visitor
      const name = (state) => `compose-${state}-${size}-${dark ? 'dark' : 'light'}`
      await page.goto(`${HOME}/compose`)
      await inspect(visitor)
      await shot(page, name('empty'))
      await page.locator('[name=text]').fill(`${WORDS} ${GERMAN} https://www.riverside.example/winter #RiversideFoodBank @ben@example.social`)
      await page.locator('input[type=file]').setInputFiles({ name: 'IMG_0001.jpg', mimeType: 'image/jpeg', buffer: PHOTO })
      await page.locator('[name^=alt-]').waitFor()
      await until1(() => problems(page), (told) => told.includes('no description'))
      await shot(page, name('full'), { fullPage: true })
      if (size === 'desktop') assert.equal(await page.locator('.preview[data-network=bluesky]').isVisible(), true)
      await page.locator('[name^=alt-]').fill('Two crates of apples')
      await until1(() => problems(page), (told) => !told.includes('no description'))
      await page.locator('[name=text]').fill(`${GERMAN} `.repeat(140).slice(0, 20_000))
      await until1(() => problems(page), (told) => told.includes('19,700'))
      await inspect(visitor)
      await button(page).click()
      await page.locator('.error-summary').waitFor()
      assert.equal((await page.locator('[name=text]').inputValue()).length, 20_000, 'nothing typed is lost')
      visitor.complaints.splice(0) // the browser notes the 422 that was wanted
      await inspect(visitor)
      await shot(page, name('refused'))
      await visitor.close()
    })
  }

  test('it is light to load', async () => {
    const visitor = await open()
    await visitor.page.goto(`${HOME}/today`)
    const weight = await weigh(visitor.page, `${HOME}/compose`)
    assert(weight.bytes <= 100_000 && weight.requests <= 12, `${weight.bytes} bytes in ${weight.requests} requests: ${JSON.stringify(weight.parts)}`)
    await visitor.close()
  })

  test('without scripts a channel can be added, tailored and scheduled', async () => {
    const visitor = await open('phone', { javaScript: false })
    const { page } = visitor
    await page.goto(`${HOME}/compose`)
    await chip(page, 'Mastodon').click()
    await page.locator('[name=text]').fill('Written without scripts')
    await page.getByRole('button', { name: 'Show channels, checks and preview anew' }).first().click()
    assert.equal(await fold(page, 'Mastodon').count(), 0)
    await chip(page, 'Mastodon').click()
    await page.getByRole('button', { name: 'Show channels, checks and preview anew' }).first().click()
    assert.equal(await page.locator('[name=text]').inputValue(), 'Written without scripts')
    await fold(page, 'Mastodon').locator('summary').click()
    await fold(page, 'Mastodon').locator('textarea').fill('Only here')
    await page.getByRole('button', { name: 'Preview', exact: true }).click()
    assert.match(await page.locator('.preview[data-network=mastodon]').innerText(), /Written without scripts/)
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    assert.equal(await button(page).innerText().then((told) => told.trim()), 'Schedule')
    await noSideways(page)
    await wish(page, 'Draft').click()
    await button(page).click()
    await page.waitForURL(/\/posts\/[0-9A-Z]{26}$/)
    await page.goto(`${page.url()}/edit`)
    assert.equal(await fold(page, 'Mastodon').locator('textarea').inputValue(), 'Only here')
    await visitor.close()
  })
})

/** A new post, saved by itself; its address. */
const written = async (page, words) => {
  await page.goto(`${HOME}/compose`)
  await page.locator('[name=text]').fill(words)
  await saved(page)
  return `${HOME}/posts/${(await page.locator('auto-save').getAttribute('data-key')).slice('post-'.length)}`
}

describe('the page of a post', () => {
  test('publish now counts the seconds down, can be undone, and says when it has gone', async () => {
    const visitor = await open()
    const { page } = visitor
    const now = async () => {
      for (const mark of ['Mastodon', 'Bluesky', 'Webhook']) await chip(page, mark).click()
      await wish(page, 'Now').click()
      await button(page).click()
      await page.waitForURL(/\/posts\/[0-9A-Z]{26}$/)
    }
    await page.goto(`${HOME}/compose`)
    await page.locator('[name=text]').fill('The door is open')
    await now()
    const left = async () => Number((await text(page, 'count-down [aria-hidden]')).match(/Goes out in (\d+) s/)[1])
    const first = await left()
    assert(10 < first && first <= 15, `${first} s`)
    await until1(left, (seconds) => seconds < first)
    await inspect(visitor)
    await shot(page, 'post-leaving')
    await page.locator('.leaving').getByRole('button', { name: 'Undo' }).click()
    await page.waitForURL(/\/edit$/)
    assert.equal(await page.locator('[name=text]').inputValue(), 'The door is open')
    await wish(page, 'Now').click()
    await button(page).click()
    await page.waitForURL(/\/posts\/[0-9A-Z]{26}$/)
    await until1(left, (seconds) => 0 < seconds)
    await pass(20_000)
    await until1(() => page.locator('#notices').innerText(), (told) => told.includes('It is out.'))
    assert.equal(await page.locator('count-down').count(), 0)
    await inspect(visitor)
    await visitor.close()
  })

  test('without scripts it is a plain button until the time, and after it the refusal says so', async () => {
    const visitor = await open('phone', { javaScript: false })
    const { page } = visitor
    await page.goto(`${HOME}/compose`)
    for (const mark of ['Mastodon', 'Bluesky', 'Webhook']) await chip(page, mark).click()
    await page.locator('[name=text]').fill('Plainly')
    await wish(page, 'Now').click()
    await button(page).click()
    await page.waitForURL(/\/posts\/[0-9A-Z]{26}$/)
    assert.match(await page.locator('main').innerText(), /Goes out in 1\d s/)
    await pass(20_000)
    await order(belfry.folder, { idle: true })
    await page.locator('.leaving').getByRole('button', { name: 'Undo' }).click()
    assert.match(await page.locator('main').innerText(), /has gone out, or is on its way/)
    await visitor.close()
  })

  test('earlier versions are listed with what changed, and can be brought back and undone', async () => {
    const visitor = await open()
    const { page } = visitor
    const post = await written(page, `Saturday we open at nine. ${GERMAN}`)
    await pass(600_000)
    await page.locator('[name=text]').fill(`Saturday we open at ten. ${GERMAN}`)
    await saved(page)
    await page.goto(post)
    await page.getByRole('link', { name: 'Versions' }).click()
    await page.waitForURL(/\/versions$/)
    assert.equal(await page.locator('.difference ins').first().innerText().then((told) => told.includes('ten')), true)
    assert.equal(await page.locator('.difference del').first().innerText().then((told) => told.includes('nine')), true)
    await inspect(visitor)
    await shot(page, 'versions', { fullPage: true })
    await page.getByRole('button', { name: 'Bring this one back' }).first().click()
    await page.waitForURL(/\/versions$/)
    const now = () => page.locator('.card').first().locator('.post__text').textContent()
    assert.match(await now(), /at nine/)
    await inspect(visitor)
    await page.locator('.notice').getByRole('button', { name: 'Undo' }).click()
    await page.waitForLoadState('load')
    assert.match(await now(), /at ten/)
    await visitor.close()
  })
})

describe('words outlive the connection and other people', () => {
  const status = (page) => page.locator('[id^=saved-]').getAttribute('data-state')

  test('what is typed without a connection is sent when there is one again', async () => {
    const visitor = await open()
    const { page, context } = visitor
    await page.goto(`${HOME}/compose`)
    await page.waitForFunction(() => customElements.get('auto-save') && customElements.get('live-form'))
    await context.setOffline(true)
    await page.locator('[name=text]').fill('Typed in a tunnel')
    await until1(() => status(page), (state) => state === 'here')
    await context.setOffline(false)
    // At once, or with the next try where the first one after the break still failed.
    await until(() => status(page), (state) => state === 'done', { withinMs: 30_000 })
    await visitor.close()
  })

  test('what was left on the device by a page that was closed is sent by the next', async () => {
    const visitor = await open()
    const { page, context } = visitor
    await page.goto(`${HOME}/compose`)
    await page.waitForFunction(() => customElements.get('auto-save') && customElements.get('live-form'))
    await context.setOffline(true)
    await page.locator('[name=text]').fill('Left in a tunnel')
    await until1(() => status(page), (state) => state === 'here')
    await page.close({ runBeforeUnload: false })
    await context.setOffline(false)
    const next = await context.newPage()
    await next.goto(`${HOME}/compose`)
    await until1(() => next.locator('#notices').innerText(), (told) => told.includes('without a connection'))
    await next.goto(`${HOME}/posts`)
    await next.getByRole('link', { name: /Left in a tunnel/ }).click()
    await next.waitForURL(/\/edit$/)
    assert.equal(await next.locator('[name=text]').inputValue(), 'Left in a tunnel')
    await visitor.close()
  })

  test('where someone else saved meanwhile both texts are kept, and one is chosen', async () => {
    const [one, two] = [await open(), await open()]
    const post = await written(one.page, 'The door opens at nine.')
    await two.page.goto(`${post}/edit`)
    await two.page.locator('[name=text]').fill('The door opens at ten.')
    await saved(two.page)
    await one.page.locator('[name=text]').fill('The door opens at eleven.')
    await until1(() => status(one.page), (state) => state === 'conflict')
    assert.match(await one.page.locator('.conflict').innerText(), /at .*ten/s)
    assert.equal(await one.page.locator('[name=text]').inputValue(), 'The door opens at eleven.')
    one.complaints.splice(0) // the browser notes the 409 that was wanted
    await inspect(one)
    await shot(one.page, 'compose-conflict')
    await one.page.getByRole('button', { name: 'Go on with mine' }).click()
    await until1(() => status(one.page), (state) => state === 'done')
    assert.equal(await one.page.locator('.conflict').count(), 0)
    await two.page.reload()
    assert.equal(await two.page.locator('[name=text]').inputValue(), 'The door opens at eleven.')

    await one.page.locator('[name=text]').fill('The door opens at noon.')
    await saved(one.page)
    await two.page.locator('[name=text]').fill('The door opens at one.')
    await until1(() => status(two.page), (state) => state === 'conflict')
    await two.page.getByRole('link', { name: 'Take the other' }).click()
    await until1(() => two.page.locator('[name=text]').inputValue().catch(() => ''), (value) => value === 'The door opens at noon.')
    assert.equal(await two.page.locator('.conflict').count(), 0)
    await one.close()
    await two.close()
  })
})
