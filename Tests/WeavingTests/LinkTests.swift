import Testing
import Weaving

@Suite struct `Links` {
  @Test func `to files, headings and pages that exist are left alone`() throws {
    let files = [
      "book/README.md": "[One](01-a.md) [Words](notation.md) [web](https://x.org/y#z)",
      "book/01-a.md": """
      # 1 The `Tape`, and more
      ## Again
      ## Again
      [up](../Sources/A.swift) [here](#1-the-tape-and-more) [twice](#again-1)
      [there](notation.md#k%C3%A4se) `[code](nowhere.md)`
      """,
      "book/notation.md": "# Käse", "Sources/A.swift": "",
    ]
    #expect(try findings(.links, in: files) == [])
  }

  @Test func `that lead nowhere are found`() throws {
    let files = [
      "book/README.md": "[One](01-a.md)\n[none](02-b.md)",
      "book/01-a.md": "# One\n[a](#two)\n[b](../A.swift#L3)\n![c](figures/c.svg)",
      "book/03-c.md": "# Three", "A.swift": "",
    ]
    #expect(
      try findings(.links, in: files) == [
        "book/01-a.md:2: book/01-a.md has no heading for #two.",
        "book/01-a.md:3: The link to A.swift has an anchor, "
          + "but only pages of the book have anchors.",
        "book/01-a.md:4: The link leads to book/figures/c.svg, which does not exist.",
        "book/README.md:2: The link leads to book/02-b.md, which does not exist.",
        "book/03-c.md:1: book/README.md does not link to this page.",
      ])
  }
}

@Suite struct `Figures` {
  @Test func `that are shown and described are left alone`() throws {
    let files = [
      "book/figures/a.svg": "<svg><title>A</title><desc>B</desc></svg>",
      "book/figures/b.svg": "<svg><title>A</title><desc>B</desc></svg>",
      "book/01-a.md": "![the curve](figures/a.svg)",
      "README.md": "<img src=\"book/figures/b.svg\">",
    ]
    #expect(try findings(.figures, in: files) == [])
  }

  @Test func `that are not shown, described or named are found`() throws {
    let files = [
      "book/figures/a.svg": "<svg><title>A</title></svg>",
      "book/figures/b.svg": "<svg><title>A</title><desc>B</desc></svg>",
      "book/01-a.md": "![](figures/a.svg)",
    ]
    #expect(
      try findings(.figures, in: files) == [
        "book/01-a.md:1: The image figures/a.svg needs words in `![…]`.",
        "book/figures/a.svg:1: The figure has no <desc>.",
        "book/figures/b.svg:1: No page shows this figure.",
      ])
  }
}

@Suite struct `The glossary` {
  @Test func `agrees with the terms that chapters set in bold`() throws {
    let files = [
      "book/glossary.md":
        "- [latent cache](01-a.md): what is kept.\n- [tape](01-a.md#x): a list.",
      "book/01-a.md": """
      A **tape** records, and the **latent
      cache** keeps. **Aside.** Measured **0.58** of it, `**code**`.

      | **loud** | x |
      """,
    ]
    #expect(try findings(.glossary, in: files) == [])
  }

  @Test func `lacks nothing, promises nothing and is in order`() throws {
    let files = [
      "book/glossary.md": "- [tape](01-a.md): a list.\n- [latent](01-a.md): kept.",
      "book/01-a.md": "A **Tape** and\na **router**.",
    ]
    #expect(
      try findings(.glossary, in: files) == [
        "book/glossary.md:2: The entry latent should stand before tape.",
        "book/glossary.md:2: book/01-a.md does not define **latent** in bold.",
        "book/01-a.md:2: The glossary has no entry for **router**.",
      ])
  }
}
