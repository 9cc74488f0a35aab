import Foundation
import Testing

/// The names that operations are recorded under in a text of Swift.
public func recordedOperations(in source: String) -> [String] {
  source.matches(of: /record\(\s*"([^"]+)"/).map { String($0.output.1) }
}

/// The names that the operations of a chapter are recorded under.
public func recordedOperations(chapter number: Int) throws -> Set<String> {
  let files = try Repository.sources(below: Repository.chapter(number))
  return Set(
    try files.flatMap { recordedOperations(in: try String(contentsOf: $0, encoding: .utf8)) })
}

/// Expects each operation of a chapter to have a gradient case, and each case an operation.
public func expectCase(
  forEachOperationOf chapter: Int, among cases: [GradientCase],
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let recorded = try recordedOperations(chapter: chapter)
  let checked = Set(cases.map(\.operation))
  #expect(!recorded.isEmpty, "found no operation", sourceLocation: sourceLocation)
  #expect(
    recorded.subtracting(checked).sorted() == [], "operations without a gradient case",
    sourceLocation: sourceLocation)
  #expect(
    checked.subtracting(recorded).sorted() == [], "gradient cases without an operation",
    sourceLocation: sourceLocation)
}
