// The inbox as it is used with a keyboard, by two people at once, over a line that breaks, and without scripts. The
// network is Practice inside the program; it is asked as its accounts ask it.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { after, before, describe, test } from 'node:test'

import { inspect, launch, order, shot, startBelfry, until, visit, weigh } from './harness.mjs'

const PASSWORD = 'a long quiet evening'
const BASE = '/w/riverside-food-bank'
const PICTURE = fs.readFileSync(new URL('../../web/img/icon-192.png', import.meta.url))

describe('the inbox', () => {
  let browser, belfry, visitor, page, token, post, offset = 0
  const practice = async (method, what, as, body, type = 'application/json') => {
    const answer = await fetch(`${belfry.url}/practice/api${what}`, {
      method,
      headers: { 'content-type': type, ...(as ? { authorization: `Bearer ${as}` } : {}) },
      body: Buffer.isBuffer(body) ? body : body && JSON.stringify(body),
    })
    assert(answer.ok, `${what}: ${answer.status}`)
    return answer.status === 204 ? null : answer.json().catch(() => null)
  }
  const join = async (name) => (await practice('POST', '/accounts', null, { name })).token
  // A comment, and the poll that finds it.
  const comment = async (from, text) => {
    await practice('POST', `/posts/${post}/comments`, token, { from, text })
    offset += 6 * 60_000
    await order(belfry.folder, { clock: { offset_ms: offset } })
    await order(belfry.folder, { idle: true })
  }
  // Keys are heard once the element that listens is there, which may be a moment after the page.
  const listening = () => page.waitForFunction(() => customElements.get('key-guide'))
  const rows = (on = page) => on.locator('.inbox-list a.row__title')
  const focused = (on = page) => on.evaluate(() => document.activeElement?.textContent?.trim())

  before(async () => {
    belfry = await startBelfry({ args: ['serve', '--test-clock'] })
    browser = await launch()
    visitor = await visit(browser, { url: belfry.url, size: 'desktop', timezoneId: 'UTC' })
    page = visitor.page
    await page.goto('/')
    await page.locator('[name=code]').fill(belfry.code)
    await page.locator('[name=name]').fill('Ada')
    await page.locator('[name=sign_in]').fill('ada')
    await page.locator('[name=password]').fill(PASSWORD)
    await page.locator('[name=workspace]').fill('Riverside Food Bank')
    await page.locator('form button[type=submit], form button:not([type])').last().click()
    await page.waitForURL(/\/w\/riverside-food-bank/)
    await order(belfry.folder, { user_add: { name: 'Ben', sign_in: 'ben', password: PASSWORD, admin: false, member_of: ['riverside-food-bank', 'editor'] } })
    await page.goto(`${BASE}/channels/new/practice`)
    await page.locator('main [name=name]').fill('Riverside')
    await page.locator('main form button').first().click()
    await page.waitForURL(/\/channels\/[0-9A-Z]{26}/)
    token = await join('Riverside')
    post = (await practice('POST', '/posts', token, { text: 'Saturday we open at nine' })).id
    await comment('Lena Rowe', 'My class would love to help in December.')
    await comment('J. Okafor', 'Do you take tins near their date?')
    const ana = await join('Ana Marsh')
    const { id } = await practice('POST', '/media', ana, PICTURE, 'image/png')
    await practice('PUT', '/picture', ana, { id })
  })
  after(async () => {
    await browser?.close()
    await belfry?.stop()
  })

  test('a face appears by itself, from this server, where initials stood', async () => {
    await page.goto(`${BASE}/inbox`)
    await until(() => rows().count(), (count) => count === 2)
    await comment('Ana Marsh', 'What time on Saturday?')
    await until(() => page.locator('.inbox-list .avatar__picture').count(), (count) => count === 1)
    const face = page.locator('.inbox-list .avatar__picture')
    assert.match(await face.getAttribute('src'), /^\/avatar\//)
    assert.equal(await face.evaluate((image) => image.decode().then(() => image.naturalWidth)), 104)
    await inspect(visitor)
    await shot(page, 'inbox-desktop')
  })

  test('j and k move, Enter opens, r answers, and a field takes every letter', async () => {
    await page.goto(`${BASE}/inbox`)
    await listening()
    await page.keyboard.press('j')
    assert.equal(await focused(), 'Ana Marsh')
    await page.keyboard.press('j')
    assert.equal(await focused(), 'J. Okafor')
    const ring = await rows().nth(1).evaluate((row) => getComputedStyle(row.closest('.row')).outlineStyle)
    assert.equal(ring, 'solid', 'the row with the focus shows it')
    await page.keyboard.press('k')
    await page.keyboard.press('k')
    assert.equal(await focused(), 'Ana Marsh', 'there is nothing above the first')
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/inbox\/[0-9A-Z]{26}/)
    await listening()
    await page.keyboard.press('r')
    const field = page.locator('reply-box textarea')
    await page.keyboard.type('jk, rely on e? Yes.')
    assert.equal(await field.inputValue(), 'jk, rely on e? Yes.')
    assert.match(page.url(), /\/inbox\/[0-9A-Z]{26}/, 'nothing else happened')
    const low = (await field.boundingBox()).height
    await page.keyboard.press('Control+End')
    for (let line = 0; line < 6; line++) await page.keyboard.press('Shift+Enter')
    assert(low + 60 < (await field.boundingBox()).height, 'the field grows with its text')
    await inspect(visitor)
    await shot(page, 'conversation-desktop')
    await page.keyboard.press('Escape')
    await page.keyboard.press('j')
    assert.equal(await focused(), 'Lena Rowe', 'Escape leads from the field back to the keys')
  })

  test('? shows the keys, and they rest while the sheet is open', async () => {
    await page.goto(`${BASE}/inbox`)
    await listening()
    await page.keyboard.press('?')
    const sheet = page.getByRole('dialog', { name: 'Keys in the inbox' })
    await sheet.waitFor()
    await inspect(visitor)
    await shot(page, 'inbox-keys')
    await page.keyboard.press('j')
    assert(!(await rows().first().evaluate((row) => row === document.activeElement)))
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'hidden' })
    // The browser takes the focus out of a closed sheet with its next frame.
    await page.waitForFunction(() => document.activeElement === document.body || document.activeElement?.hasAttribute('data-opens'))
  })

  test('e puts away what has the focus, and it comes back with Undo', async () => {
    await page.goto(`${BASE}/inbox`)
    await listening()
    await page.keyboard.press('j')
    await page.keyboard.press('e')
    await page.getByText('Put away.').waitFor()
    await until(() => rows().count(), (count) => count === 2)
    assert.match(page.url(), /\/inbox$/)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.waitForURL(/\/inbox\/[0-9A-Z]{26}/)
    await until(() => rows().count(), (count) => count === 3)
    await listening()
    await page.keyboard.press('e')
    await page.getByText('Put away.').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await until(() => rows().count(), (count) => count === 3)
  })

  test('who is answering shows on the other’s open page', async () => {
    const ben = await visit(browser, { url: belfry.url, size: 'desktop', timezoneId: 'UTC' })
    try {
      await ben.page.goto('/sign-in')
      await ben.page.locator('[name=sign_in]').fill('ben')
      await ben.page.locator('[name=password]').fill(PASSWORD)
      await ben.page.locator('form button').last().click()
      await ben.page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
      await page.goto(`${BASE}/inbox`)
      await rows().first().click()
      await page.waitForURL(/\/inbox\/[0-9A-Z]{26}/)
      await ben.page.goto(page.url())
      await ben.page.locator('reply-box textarea').pressSequentially('From nine')
      await until(() => page.getByText('Ben is answering…').count(), (count) => count === 2, { withinMs: 15_000 })
      await inspect(visitor)
      await shot(page, 'inbox-answering')
      assert.equal(await ben.page.getByText('Ben is answering…').count(), 0, 'he knows')
      // Whoever stops is no longer shown after a minute, and nobody has to do anything for it.
      const third = await visit(browser, { url: belfry.url, size: 'phone', storageState: await visitor.context.storageState(), timezoneId: 'UTC' })
      await third.page.clock.install()
      await third.page.goto(page.url())
      const told = third.page.locator('.conversation__answering')
      await told.waitFor()
      offset += 61_000
      await order(belfry.folder, { clock: { offset_ms: offset } })
      await third.page.clock.runFor(62_000)
      await until(() => told.count(), (count) => count === 0, { withinMs: 10_000 })
      await third.context.close()
      await ben.page.keyboard.press('Control+Enter')
      await ben.page.getByText('Your answer is on its way.').waitFor()
      await until(() => page.getByText('Ben is answering…').count(), (count) => count === 0, { withinMs: 15_000 })
      ben.calm()
    } finally {
      await ben.context.close()
    }
  })

  test('a page that was hidden lets go of the stream, and catches up when it is seen again', async () => {
    const other = await visit(browser, { url: belfry.url, size: 'phone', storageState: await visitor.context.storageState(), timezoneId: 'UTC' })
    try {
      await other.page.addInitScript(() => {
        Object.defineProperty(document, 'hidden', { get: () => window.isAway === true })
        const EventSource = window.EventSource
        window.streams = []
        window.EventSource = class extends EventSource { constructor(address) { super(address); window.streams.push(this) } }
        window.EventSource.CLOSED = 2
      })
      await page.goto('about:blank')
      await other.page.goto(`${BASE}/inbox`)
      const open = () => other.page.evaluate(() => window.streams.filter((stream) => stream.readyState === 1).length)
      const show = (shown) => other.page.evaluate((shown) => { window.isAway = !shown; document.dispatchEvent(new Event('visibilitychange')) }, shown)
      await until(open, (count) => count === 1, { withinMs: 10_000 })
      await show(false)
      assert.equal(await open(), 0)
      await comment('tomás.s', 'Is it vegan?')
      assert.equal(await other.page.getByText('Is it vegan?').count(), 0)
      await show(true)
      await other.page.getByText('Is it vegan?').waitFor()
      assert.match(await other.page.evaluate(() => window.streams.at(-1).url), /after=\d{13}/)
      await inspect(other)
      await shot(other.page, 'inbox-phone')
    } finally {
      await other.context.close()
    }
  })

  test('without scripts it is read, narrowed, answered, taken and put away', async () => {
    const plain = await visit(browser, { url: belfry.url, size: 'phone', javaScript: false, storageState: await visitor.context.storageState(), timezoneId: 'UTC' })
    try {
      const { page } = plain
      await page.goto(`${BASE}/inbox`)
      await page.locator('summary').filter({ hasText: 'All channels' }).click()
      await page.locator('.menu__list').getByText('@riverside').click()
      await page.waitForURL(/channel=/)
      await page.getByRole('link', { name: 'tomás.s' }).click()
      await page.waitForURL(/\/inbox\/[0-9A-Z]{26}\?channel=/)
      await page.getByRole('button', { name: 'I take this' }).click()
      await page.getByText('This one is yours').waitFor()
      await page.locator('[name=text]').fill('It is.')
      await page.getByRole('button', { name: 'Answer' }).click()
      await page.getByText('Your answer is on its way.').waitFor()
      await page.getByRole('button', { name: 'Done', exact: true }).click()
      await page.waitForURL(/\/inbox\?channel=/)
      await page.getByRole('button', { name: 'Undo' }).click()
      await page.getByText('It is open again.').waitFor()
      plain.calm()
    } finally {
      await plain.context.close()
    }
  })

  test('every part of it is fit for a phone and a desktop, light and dark, and light to load', async () => {
    const state = await visitor.context.storageState()
    for (const size of ['narrow', 'phone', 'desktop']) {
      for (const dark of [false, true]) {
        const other = await visit(browser, { url: belfry.url, size, dark, storageState: state, timezoneId: 'UTC' })
        await other.page.goto(`${BASE}/inbox`)
        await inspect(other)
        await shot(other.page, `inbox-${size}-${dark ? 'dark' : 'light'}`)
        await other.page.goto(await rows(other.page).first().getAttribute('href'))
        await inspect(other)
        await shot(other.page, `conversation-${size}-${dark ? 'dark' : 'light'}`)
        await other.context.close()
      }
    }
    await page.goto(`${BASE}/inbox`)
    for (const address of [`${BASE}/inbox`, await rows().first().getAttribute('href')]) {
      const weight = await weigh(page, address)
      assert(weight.bytes <= 100_000 && weight.requests <= 12, `${address} weighs ${weight.bytes} bytes in ${weight.requests} requests: ${weight.parts.map(({ url }) => url).join(' ')}`)
    }
  })
})
