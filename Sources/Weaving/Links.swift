import Foundation

/// A link or an image on a page.
struct Link: Equatable {
  let line: Int
  let target: String
  let isImage: Bool
}

extension Page {
  /// The links in Markdown and the images in HTML, in order.
  var links: [Link] {
    var found: [Link] = []
    for (index, line) in prose.enumerated() {
      let visible = Array(line)
      var position = 0
      while let open = visible.firstIndex(of: "](", from: position) {
        guard let close = visible[open...].firstIndex(of: ")") else { break }
        // Blanked code may stand in the text of a link but never in its target.
        let target = String(visible[open + 2..<close]).split(separator: " ").first ?? ""
        let before = visible[..<open]
        let bracket = before.lastIndex(of: "[") ?? 0
        let isImage = bracket > 0 && visible[bracket - 1] == "!"
        found.append(Link(line: index, target: String(target), isImage: isImage))
        position = close
      }
      for attribute in ["src=\"", "srcset=\""] {
        for rest in line.split(separator: attribute, omittingEmptySubsequences: false)
          .dropFirst()
        {
          found.append(
            Link(line: index, target: String(rest.prefix { $0 != "\"" }), isImage: true))
        }
      }
    }
    return found
  }

  /// The anchors that GitHub gives to the headings.
  var anchors: Set<String> {
    var anchors: Set<String> = []
    for heading in headings {
      let slug = Page.slug(of: heading.text)
      var candidate = slug
      var count = 0
      while !anchors.insert(candidate).inserted {
        count += 1
        candidate = "\(slug)-\(count)"
      }
    }
    return anchors
  }

  /// GitHub's anchor: small letters, blanks as hyphens, no punctuation.
  static func slug(of heading: String) -> String {
    var slug = ""
    for character in heading.lowercased() {
      if character == " " {
        slug.append("-")
      } else if character.isLetter || character.isNumber || character == "-" || character == "_"
      {
        slug.append(character)
      }
    }
    return slug
  }
}

extension Book {
  /// Where a relative link leads, as a path from the root and an anchor.
  static func destination(of target: String, on page: Page) -> (path: String, anchor: String?) {
    let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let anchor = parts.count > 1 ? parts[1].removingPercentEncoding : nil
    let file = (parts.first.map(String.init) ?? "").removingPercentEncoding ?? ""
    if file.isEmpty { return (page.path, anchor) }
    var steps = page.folder.split(separator: "/").map(String.init)
    for step in file.split(separator: "/") {
      switch step {
      case ".": continue
      case "..": _ = steps.popLast()
      default: steps.append(String(step))
      }
    }
    return (steps.joined(separator: "/"), anchor)
  }

  /// Every relative link leads somewhere, and the contents page leads to every page.
  package func linkFindings() -> [Finding] {
    var findings: [Finding] = []
    var contents: Set<String> = ["book/README.md"]
    for page in pages {
      for link in page.links {
        if link.target.contains("://") || link.target.hasPrefix("mailto:") { continue }
        let (path, anchor) = Book.destination(of: link.target, on: page)
        if page.path == "book/README.md" { contents.insert(path) }
        if let sentence = complaint(aboutLinkTo: path, anchor) {
          findings.append(Finding(page.path, link.line + 1, sentence))
        }
      }
    }
    for page in bookPages where !contents.contains(page.path) {
      findings.append(Finding(page.path, 1, "book/README.md does not link to this page."))
    }
    return findings
  }

  private func complaint(aboutLinkTo path: String, _ anchor: String?) -> String? {
    guard exists(path) else { return "The link leads to \(path), which does not exist." }
    guard let anchor else { return nil }
    guard let page = page(path) else {
      return "The link to \(path) has an anchor, but only pages of the book have anchors."
    }
    return page.anchors.contains(anchor) ? nil : "\(path) has no heading for #\(anchor)."
  }

  /// Every figure is shown on a page and can be read aloud.
  package func figureFindings() -> [Finding] {
    var findings: [Finding] = []
    var shown: Set<String> = []
    for page in pages {
      for link in page.links {
        shown.insert(Book.destination(of: link.target, on: page).path)
        if link.isImage, page.lacksAlternative(link) {
          findings.append(
            Finding(page.path, link.line + 1, "The image \(link.target) needs words in `![…]`.")
          )
        }
      }
    }
    let figures = files(in: "book/figures", ending: "")
      .filter { path in [".svg", ".png", ".jpg"].contains { path.hasSuffix($0) } }
    for path in figures {
      if !shown.contains(path) {
        findings.append(Finding(path, 1, "No page shows this figure."))
      }
      guard path.hasSuffix(".svg"), let text = try? read(path) else { continue }
      for element in ["title", "desc"] where !text.contains("<\(element)") {
        findings.append(Finding(path, 1, "The figure has no <\(element)>."))
      }
    }
    return findings
  }
}

extension Page {
  /// Whether a Markdown image has nothing between its brackets.
  fileprivate func lacksAlternative(_ link: Link) -> Bool {
    lines[link.line].contains("![](\(link.target)")
  }
}
