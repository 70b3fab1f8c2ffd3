// The keyboard alone, on a desktop: the way past the places, the order of what can be reached, menus and sheets that give
// the focus back, and the main job from the first key to the planned post.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { after, before, describe, test } from 'node:test'

import { launch, startBelfry, until, visit } from './harness.mjs'
import { hands, setUp } from './workspace.mjs'

const PHOTO = fs.readFileSync(new URL('../fixtures/media/lying-with-place.jpg', import.meta.url))

describe('by keyboard', () => {
  let browser, belfry, visitor, page, home
  before(async () => {
    belfry = await startBelfry()
    browser = await launch()
    visitor = await visit(browser, { url: belfry.url, size: 'desktop', timezoneId: 'UTC', locale: 'en-US' })
    page = visitor.page
    page.setDefaultTimeout(10_000)
    const person = hands(visitor.context, belfry.url)
    home = await setUp(belfry, person, 'Riverside')
    for (const name of ['riverside', 'neighbours']) {
      await person.get(`${home}/channels/new/practice`)
      await person.send(`${home}/channels/new/practice`, [['way', 'name'], ['name', name], ['server', '']])
    }
  })
  after(async () => {
    await browser?.close()
    await belfry?.stop()
  })

  const key = (name) => page.keyboard.press(name)
  const focused = (locator) => locator.evaluate((element) => element === document.activeElement)
  // Goes on with Tab until this has the focus.
  const tabTo = async (locator) => {
    for (let tries = 0; tries < 90; tries++) {
      if (await focused(locator)) return
      await key('Tab')
    }
    assert.fail(`Tab does not reach ${locator} on ${page.url()}`)
  }
  const press = async (locator) => {
    await tabTo(locator)
    await Promise.all([page.waitForEvent('load'), key('Enter')])
  }

  test('the first key shows the way past the places, and it leads there', async () => {
    await page.goto(`${home}/today`)
    await key('Tab')
    const skip = page.locator('.skip')
    assert(await focused(skip))
    const box = await skip.boundingBox()
    assert(0 <= box.x && 0 <= box.y && 20 < box.height, 'it is in sight')
    await key('Enter')
    assert(await focused(page.locator('#main')))
    await key('Tab')
    assert(await page.evaluate(() => document.activeElement.closest('main')), 'the next stop is within the page')
  })

  for (const place of ['today', 'calendar', 'compose', 'inbox', 'media', 'channels/new', 'settings', 'people']) {
    test(`on ${place} every stop is in order, in sight and marked`, async () => {
      await page.goto(`${home}/${place}`)
      await page.locator('.skip').focus()
      const stops = []
      for (let stop = 0; stop < 160; stop++) {
        await key('Tab')
        const at = await page.evaluate(() => {
          const element = document.activeElement
          if (!element || element === document.body || element.matches('.skip')) return null
          const control = element.closest('label') ?? element
          const box = element.getBoundingClientRect()
          // What is painted for it: where one writes, the caret; a hidden box is marked by what stands beside it, a link that fills its row by the row.
          const row = element.parentElement?.parentElement
          const painted = [element, element.nextElementSibling, control, control.querySelector('span'), element.parentElement, row, row?.parentElement].filter(Boolean)
          const marked = element.localName === 'textarea' || painted.some((one) => {
            const style = getComputedStyle(one)
            return (style.outlineStyle !== 'none' && 2 <= parseFloat(style.outlineWidth)) || style.boxShadow !== 'none'
          })
          const reach = [box.left + box.width / 2, box.top + box.height / 2]
          const top = document.elementFromPoint(...reach)
          const free = top !== null && (element.contains(top) || top.contains(element) || [...(element.labels ?? [])].some((label) => label.contains(top)))
          const all = [...document.querySelectorAll('*')]
          return { name: element.outerHTML.replace(/\s+/g, ' ').slice(0, 100), place: all.indexOf(element), marked, free, tabindex: element.tabIndex }
        })
        if (!at) break
        // A date has several stops within it.
        if (at.place !== stops.at(-1)?.place) stops.push(at)
      }
      assert(3 < stops.length, 'there is somewhere to go')
      const wrong = stops.flatMap((stop, index) => [
        ...(0 < index && stop.place < stops[index - 1].place ? [`comes after what follows it: ${stop.name}`] : []),
        ...(stop.tabindex <= 0 ? [] : [`has an order of its own: ${stop.name}`]),
        ...(stop.marked ? [] : [`is not marked: ${stop.name}`]),
        ...(stop.free ? [] : [`is covered or out of sight: ${stop.name}`]),
      ])
      assert.deepEqual(wrong, [])
    })
  }

  test('a menu and a sheet open by key, and give the focus back', async () => {
    await page.goto(`${home}/calendar`)
    const menu = page.locator('details.menu summary').first()
    await tabTo(menu)
    await key('Enter')
    assert(await page.locator('details.menu').first().evaluate((details) => details.open))
    await key('Tab')
    assert(await page.evaluate(() => document.activeElement.closest('details.menu')), 'the next stop is its first line')
    await key('Shift+Tab')
    await key('Enter')
    assert(!(await page.locator('details.menu').first().evaluate((details) => details.open)))
    assert(await focused(menu))
    for (const place of ['today', 'calendar', 'compose', 'media', 'inbox']) {
      await page.goto(`${home}/${place}`)
      for (const opener of await page.locator('[data-opens]').all()) {
        if (!(await opener.isVisible())) continue
        const sheet = page.locator(`dialog#${await opener.getAttribute('data-opens')}`)
        await opener.focus()
        await key('Enter')
        await sheet.waitFor()
        assert(await page.evaluate(() => document.activeElement.closest('dialog')), 'the focus is within the sheet')
        for (let stop = 0; stop < 40; stop++) {
          await key('Tab')
          assert(await page.evaluate(() => document.activeElement === document.body || document.activeElement.closest('dialog')), 'and stays there')
        }
        await key('Escape')
        await sheet.waitFor({ state: 'hidden' })
        assert(await focused(opener), `${place}: the focus comes back`)
      }
    }
  })

  test('a post is written, tailored, given a picture and planned', async () => {
    await page.goto(`${home}/today`)
    await press(page.getByRole('link', { name: 'Compose' }).filter({ visible: true }).first())
    assert(await focused(page.locator('[name=text]')), 'one can write at once')
    await page.keyboard.type('Saturday we open at nine.')
    const chosen = page.waitForEvent('filechooser')
    await tabTo(page.locator('input[type=file]'))
    await key('Enter')
    await (await chosen).setFiles({ name: 'IMG_0001.jpg', mimeType: 'image/jpeg', buffer: PHOTO })
    const alt = page.locator('[name^=alt-]')
    await alt.waitFor()
    await tabTo(alt)
    await page.keyboard.type('Two crates of apples')
    await tabTo(page.locator('details').filter({ has: page.locator('[name^=variant-]') }).first().locator('summary'))
    await key('Enter')
    await tabTo(page.locator('[name^=variant-]').first())
    await page.keyboard.type('Saturday at nine: apples.')
    const due = new Date(Date.now() + 2 * 86_400_000)
    await tabTo(page.locator('[name=date]'))
    await page.keyboard.type(`${String(due.getUTCMonth() + 1).padStart(2, '0')}${String(due.getUTCDate()).padStart(2, '0')}${due.getUTCFullYear()}`)
    await tabTo(page.locator('[name=time]'))
    await page.keyboard.type('0915AM')
    await until(() => page.locator('[id^=saved-]').getAttribute('data-state'), (state) => state === 'done', { withinMs: 20_000, everyMs: 100 })
    await press(page.locator('button[name=do][value=go]'))
    await page.waitForURL(/\/posts\/[0-9A-Z]{26}$/)
    const text = await page.locator('main').innerText()
    assert(text.includes('Planned') && text.includes('09:15'), text)
    assert.equal(await page.locator('main img').first().getAttribute('alt'), 'Two crates of apples')
    await press(page.getByRole('link', { name: 'Edit' }))
    assert.equal(await page.locator('[name^=variant-]').first().inputValue(), 'Saturday at nine: apples.')
    visitor.calm()
  })

  test('and taken back', async () => {
    await page.goBack()
    await press(page.getByRole('button', { name: /^Undo/ }))
    assert(await page.getByText('Taken back. It is a draft again.').isVisible())
    visitor.calm()
  })
})
