extension Book {
  /// Every test that the prose names with `<!-- test -->` is declared under `Tests/`.
  package func namedTestFindings() -> [Finding] {
    let names = Set(tests.map(\.name))
    return pages.flatMap { page in
      page.directives.compactMap { directive in
        guard case .test(let name) = directive.kind, !names.contains(name) else { return nil }
        return Finding(page.path, directive.line + 1, "There is no test `\(name)`.")
      }
    }
  }
}
