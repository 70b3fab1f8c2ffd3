// One story that a person could follow, on a phone: set up, connect three networks, write a post once with a photo,
// plan it, see it go out, find it by asking those servers directly, hear the reply, answer it.
//
// The networks are real servers on this machine: Practice inside the program, a Bluesky PDS with its app view, and a
// server that speaks Mastodon's API. The clock of the program is an offset from real time, set through its socket.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { after, before, describe, test } from 'node:test'

import { counterparts, inspect, launch, noSideways, order, shot, startBelfry, until, visit } from './harness.mjs'

const PASSWORD = 'a long quiet evening'
const ALT = 'Two crates of apples in front of an open door'
// An upright photo stored lying down: 60 × 40 pixels, EXIF orientation 6, with a place in it.
const PHOTO = fs.readFileSync(new URL('../fixtures/media/lying-with-place.jpg', import.meta.url))

const ask = async (url, token, options = {}) => {
  const headers = { ...(token ? { authorization: `Bearer ${token}` } : {}), ...(options.body ? { 'content-type': 'application/json' } : {}) }
  const answer = await fetch(url, { ...options, headers: { ...headers, ...options.headers } })
  assert(answer.ok, `${url}: ${answer.status} ${await answer.clone().text()}`)
  return answer.headers.get('content-type')?.includes('json') ? answer.json() : Buffer.from(await answer.arrayBuffer())
}

const signIn = (account) => ask(`${counterparts().bluesky.pds}/xrpc/com.atproto.server.createSession`, null, {
  method: 'POST', body: JSON.stringify({ identifier: account.handle, password: account.password }),
})

// Told once on this machine and once as a phone at home sees it: `name` is what stands in the address, and where it is
// not loopback the browser keeps back whatever needs a secure page. `day` tells the posts of the two tellings apart.
function story({ title, name = '127.0.0.1', listen, day }) {
  const TEXT = `${day} we open at nine. Bring a bag, bring a friend. #RiversideFoodBank https://riverside.example/open`
  const TAILORED = `${day} at nine, neighbours: there are apples.`
  const QUESTION = `What time on ${day}?`
  const ANSWER = `${day} from nine until noon.`
  const secure = name === '127.0.0.1'
  let browser, belfry, others, visitor, page, url, offset = 0
  const pass = async (ms) => { offset += ms; await order(belfry.folder, { clock: { offset_ms: offset } }) }
  const submit = async (name) => { await page.getByRole('button', { name }).first().click(); await page.waitForLoadState('load') }
  const own = (account) => ask(`${others.bluesky.pds}/xrpc/com.atproto.repo.listRecords?repo=${account.did}&collection=app.bsky.feed.post`)

  describe(title, () => {
    before(async () => {
      others = counterparts()
      const hosts = [others.mastodon.url, others.bluesky.pds].map((url) => new URL(url).host)
      belfry = await startBelfry({ args: ['serve', '--test-clock'], env: { BELFRY_ALLOW_HOSTS: hosts.join(','), ...(listen ? { BELFRY_LISTEN: listen } : {}) } })
      browser = await launch({ names: secure ? {} : { [name]: '127.0.0.1' } })
      url = `http://${name}:${new URL(belfry.url).port}`
      visitor = await visit(browser, { url, timezoneId: 'UTC' })
      page = visitor.page
    })
    after(async () => {
      await browser?.close()
      await belfry?.stop()
    })

    test('the first visit sets the server up', async () => {
      await page.goto('/')
      assert.match(page.url(), /\/setup/)
      assert.equal(await page.evaluate(() => isSecureContext), secure)
      await inspect(visitor)
      await shot(page, 'setup')
      await page.locator('[name=code]').fill(belfry.code)
      await page.locator('[name=name]').fill('Ada')
      await page.locator('[name=sign_in]').fill('ada')
      await page.locator('[name=password]').fill(PASSWORD)
      await page.locator('[name=workspace]').fill('Riverside Food Bank')
      await page.locator('form button[type=submit], form button:not([type])').last().click()
      await page.waitForURL(/\/w\/riverside-food-bank/)
      await inspect(visitor)
      await shot(page, 'today-empty')
    })

    test('three channels are connected', async () => {
      await page.goto('/w/riverside-food-bank/channels/new')
      await inspect(visitor)
      await shot(page, 'channels-new')
      await page.goto('/w/riverside-food-bank/channels/new/practice')
      await page.locator('main [name=name]').fill('riverside')
      await page.locator('main form button').first().click()
      await page.waitForURL(/\/channels\/[0-9A-Z]{26}/)
      await inspect(visitor)
      await shot(page, 'channel')

      await page.goto('/w/riverside-food-bank/channels/new/mastodon')
      await page.locator('details').filter({ has: page.locator('[name=token]') }).locator('summary').first().click()
      const token = page.locator('form').filter({ has: page.locator('[name=token]') })
      await token.locator('[name=server]').fill(others.mastodon.url)
      await token.locator('[name=token]').fill(others.mastodon.token)
      await token.locator('button').first().click()
      await page.waitForURL(/\/channels\/[0-9A-Z]{26}/)

      const alice = others.bluesky.accounts[0]
      await page.goto('/w/riverside-food-bank/channels/new/bluesky')
      const form = page.locator('form').filter({ has: page.locator('[name=password]') })
      await form.locator('[name=handle]').fill(alice.handle)
      await form.locator('[name=password]').fill(alice.password)
      await form.locator('summary').first().click()
      await form.locator('[name=server]').fill(others.bluesky.pds)
      await form.locator('button').first().click()
      await page.waitForURL(/\/channels\/[0-9A-Z]{26}/)
      await page.goto('/w/riverside-food-bank/channels')
      await inspect(visitor)
      await shot(page, 'channels')
    })

    test('a post with a photo is written once and planned', async () => {
      await page.goto('/w/riverside-food-bank/compose')
      await page.locator('[name=text]').fill(TEXT)
      await page.locator('input[type=file]').setInputFiles({ name: 'IMG_0001.jpg', mimeType: 'image/jpeg', buffer: PHOTO })
      const alt = page.locator('[name^=alt-]')
      await alt.waitFor()
      await alt.fill(ALT)
      const fold = page.locator('details').filter({ has: page.locator('[name^=variant-]'), hasText: /ada/, hasNotText: /ada\.test/ })
      await fold.locator('summary').tap()
      await fold.locator('[name^=variant-]').fill(TAILORED)
      await until(() => page.locator('[id^=saved-]').getAttribute('data-state'), (state) => state === 'done')
      await inspect(visitor)
      await shot(page, 'compose')
      const [date, time] = new Date(Date.now() + 150_000).toISOString().slice(0, 16).split('T')
      await page.locator('[name=date]').fill(date)
      await page.locator('[name=time]').fill(time)
      await page.getByRole('button', { name: 'Schedule' }).click()
      await page.waitForURL(/\/posts\/[0-9A-Z]{26}$/)
      await inspect(visitor)
      await shot(page, 'post-planned')
      await page.goto('/w/riverside-food-bank/calendar')
      await inspect(visitor)
      await shot(page, 'calendar')
    })

    test('at its time it goes out on all three, once', async () => {
      await pass(180_000)
      await order(belfry.folder, { idle: true })
      const pds = others.bluesky.pds
      const session = await signIn(others.bluesky.accounts[0])
      const records = await until(
        () => own(session),
        (found) => found.records.some((record) => record.value.text === TEXT),
      )
      const mine = records.records.filter((record) => record.value.text === TEXT)
      assert.equal(mine.length, 1)
      const record = mine[0].value
      const kinds = record.facets.flatMap((facet) => facet.features.map((feature) => feature.$type.split('#')[1])).sort()
      assert.deepEqual(kinds, ['link', 'tag'])
      const picture = record.embed.images[0]
      assert.equal(picture.alt, ALT)
      assert.deepEqual(picture.aspectRatio, { width: 40, height: 60 })
      const bytes = await ask(`${pds}/xrpc/com.atproto.sync.getBlob?did=${session.did}&cid=${picture.image.ref.$link}`)
      assert(!bytes.includes(Buffer.from('Exif')) && !bytes.includes(Buffer.from('GPS')), 'the place is still in the picture')
      const drawn = await page.evaluate(async (base64) => {
        const blob = new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))])
        const { width, height } = await createImageBitmap(blob, { imageOrientation: 'none' })
        return { width, height }
      }, bytes.toString('base64'))
      assert.deepEqual(drawn, { width: 40, height: 60 })

      const { url: mastodon, token } = others.mastodon
      const me = await ask(`${mastodon}/api/v1/accounts/verify_credentials`, token)
      const statuses = await until(
        () => ask(`${mastodon}/api/v1/accounts/${me.id}/statuses`, token),
        (found) => found.some((status) => status.content.includes(TAILORED)),
      )
      const toots = statuses.filter((status) => status.content.includes(TAILORED))
      assert.equal(toots.length, 1)
      assert.equal(toots[0].media_attachments[0].description, ALT)
      assert(!statuses.some((status) => status.content.includes(`${day} we open at nine`)), 'the base text went where another was written')

      const practice = await fetch(`http://127.0.0.1:${new URL(url).port}/practice/api/timeline`).then((answer) => answer.json())
      assert.equal(practice.posts.filter((post) => post.text === TEXT).length, 1)
      await page.goto('/w/riverside-food-bank/posts')
      await page.getByRole('link', { name: new RegExp(`${day} we open at nine`) }).first().click()
      await page.waitForURL(/\/posts\/[0-9A-Z]{26}$/)
      await inspect(visitor)
      await shot(page, 'post-out')
    })

    test('a reply on the PDS shows in the open inbox without reloading, and the answer is found there', async () => {
      const pds = others.bluesky.pds
      const [alice, bob] = others.bluesky.accounts
      const session = await signIn(bob)
      const parent = (await own(alice)).records.find((record) => record.value.text === TEXT)
      const to = { uri: parent.uri, cid: parent.cid }
      await page.goto('/w/riverside-food-bank/inbox')
      await inspect(visitor)
      await ask(`${pds}/xrpc/com.atproto.repo.createRecord`, session.accessJwt, {
        method: 'POST',
        body: JSON.stringify({
          repo: session.did, collection: 'app.bsky.feed.post',
          record: { $type: 'app.bsky.feed.post', text: QUESTION, createdAt: new Date().toISOString(), reply: { root: to, parent: to } },
        }),
      })
      await until(async () => {
        await pass(60_000)
        return page.getByText(QUESTION).count()
      }, (count) => 0 < count, { withinMs: 90_000, everyMs: 1500 })
      await noSideways(page)
      await shot(page, 'inbox')
      await page.goto(await page.locator('main a[href*="/inbox/"]').first().getAttribute('href'))
      await page.waitForURL(/\/inbox\/[0-9A-Z]{26}/)
      await inspect(visitor)
      await page.locator('[name=text]').fill(ANSWER)
      await shot(page, 'conversation')
      await submit(/answer|reply|send/i)
      await until(
        () => own(alice),
        (found) => found.records.filter((record) => record.value.text === ANSWER && record.value.reply.root.uri === parent.uri).length === 1,
      )
    })

    test('a like on the PDS moves the count on the page of the post', async () => {
      const [alice, bob] = others.bluesky.accounts
      const session = await signIn(bob)
      const { uri, cid } = (await own(alice)).records.find((record) => record.value.text === TEXT)
      await ask(`${others.bluesky.pds}/xrpc/com.atproto.repo.createRecord`, session.accessJwt, {
        method: 'POST',
        body: JSON.stringify({
          repo: session.did, collection: 'app.bsky.feed.like',
          record: { $type: 'app.bsky.feed.like', subject: { uri, cid }, createdAt: new Date().toISOString() },
        }),
      })
      await page.goto('/w/riverside-food-bank/posts')
      await page.getByRole('link', { name: new RegExp(`${day} we open at nine`) }).first().click()
      await page.waitForURL(/\/posts\/[0-9A-Z]{26}$/)
      await until(async () => {
        await pass(3_600_000)
        await page.reload()
        return page.locator('[id^=publication-]').filter({ hasText: 'ada.test' }).innerText()
      }, (text) => /\b1 (reaction|like)/.test(text), { withinMs: 60_000, everyMs: 1500 })
      await inspect(visitor)
      await shot(page, 'post-counted')
    })

    test('Settings says what is off without HTTPS, and a token made there can be copied', async () => {
      await page.goto('/w/riverside-food-bank/settings')
      assert.equal(await page.getByText('HTTPS').count() === 0, secure)
      const form = page.locator('form[action$="/settings/tokens"]')
      await form.locator('[name=name]').fill('Reports')
      await form.locator('.checkbox__label').first().click()
      await form.getByRole('button').click()
      const copy = page.locator('copy-button').first()
      const done = await copy.getAttribute('data-done')
      await copy.getByRole('button').click()
      await until(() => copy.getByRole('button').innerText(), (text) => text.includes(done), { withinMs: 10_000, everyMs: 50 })
      await inspect(visitor)
    })
  })
}

story({ title: 'a post on three networks, from the first start to the answered reply', day: 'Saturday' })
story({ title: 'the same over plain http at a name of the home network', name: 'belfry.lan', listen: '0.0.0.0:0', day: 'Sunday' })
