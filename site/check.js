// Runs in the browser: looks at each page as a reader's screen would show it, and reports.
const widths = [390, 768, 1280]
const faults = []
let links = 0
let images = 0
let formulas = 0

async function open(page, width) {
  const frame = document.createElement('iframe')
  frame.width = width
  frame.height = 900
  const loaded = new Promise((resolve) => { frame.onload = resolve })
  frame.src = page
  document.body.append(frame)
  await loaded
  return frame
}

function sideways(frame, page, width) {
  const root = frame.contentDocument.documentElement
  if (root.scrollWidth <= width) return
  const wide = [...frame.contentDocument.querySelectorAll('main *')].find(
    (element) => element.getBoundingClientRect().right > width && !element.closest('.scroll, pre, .formula, .wide'))
  faults.push(`${page} scrolls sideways at ${width}: ${root.scrollWidth} pixels, from ${wide?.outerHTML.slice(0, 80)}`)
}

async function check() {
  const names = new Map()
  const targets = []
  for (const page of pages) {
    for (const width of widths) {
      const frame = await open(page, width)
      sideways(frame, page, width)
      if (width === widths[0]) await read(frame.contentDocument, page, names, targets)
      frame.remove()
    }
  }
  for (const [page, target] of targets) {
    const [file, name] = target.split('#')
    const known = names.get(decodeURIComponent(file || page))
    if (!known) faults.push(`${page} links to ${target}, which is no page`)
    else if (name && !known.has(decodeURIComponent(name))) faults.push(`${page} links to ${target}, a name that is not there`)
  }
}

async function read(content, page, names, targets) {
  const known = new Set()
  for (const element of content.querySelectorAll('[id]')) {
    if (known.has(element.id)) faults.push(`${page} has two elements named ${element.id}`)
    known.add(element.id)
  }
  names.set(page, known)
  for (const anchor of content.querySelectorAll('a[href]')) {
    const target = anchor.getAttribute('href')
    if (/^https:/.test(target)) continue
    links += 1
    targets.push([page, target])
  }
  for (const image of content.images) {
    images += 1
    image.loading = 'eager'
    await image.decode().catch(() => faults.push(`${page} cannot show ${image.getAttribute('src')}`))
    if (!image.alt) faults.push(`${page} shows ${image.getAttribute('src')} without a description`)
  }
  formulas += content.querySelectorAll('math').length
  for (const element of content.querySelectorAll('p, td, li')) {
    const text = element.cloneNode(true)
    text.querySelectorAll('code, math').forEach((inner) => inner.remove())
    if (/\$[^ \d]|\\[a-z]+\{/.test(text.textContent)) faults.push(`${page} shows TeX: ${text.textContent.slice(0, 80)}`)
  }
  const outside = [...content.querySelectorAll('script, link[href^="http"], [src^="http"]')]
  if (outside.length) faults.push(`${page} uses a script or the network`)
}

check().catch((error) => faults.push(String(error))).then(() => {
  const summary = `${pages.length} pages, ${links} links, ${images} images, ${formulas} formulas`
  document.querySelector('#report').textContent =
    '\n' + [...faults, faults.length ? `${faults.length} faults: ${summary}` : `all is well: ${summary}`].join('\n') + '\n'
})
