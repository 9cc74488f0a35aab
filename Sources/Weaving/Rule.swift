/// One promise that the book keeps; each has a test of its own.
public enum Rule: String, CaseIterable, Sendable {
  case directives, snippets, numbers, outputs, equations, commands, links, figures, glossary
  case exercises, tests
}

extension Book {
  /// The places where a rule is broken, in the order of the pages.
  public func findings(_ rule: Rule) -> [Finding] {
    switch rule {
    case .directives: strayDirectives()
    case .snippets: snippetFindings()
    case .numbers: numberFindings()
    case .outputs: outputFindings()
    case .equations: equationFindings()
    case .commands: commandFindings()
    case .links: linkFindings()
    case .figures: figureFindings()
    case .glossary: glossaryFindings()
    case .exercises: exerciseFindings()
    case .tests: namedTestFindings()
    }
  }

  /// The places where any rule is broken.
  public func findings() -> [Finding] { Rule.allCases.flatMap { findings($0) } }
}
