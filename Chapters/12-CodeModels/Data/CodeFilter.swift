/// The rules by which files are left out of a code corpus.
///
/// They look at the shape of a text and never at its meaning, so they cost nothing. What they
/// catch is text that people did not write by hand: minified scripts, tables, exported documents.
/// Paper: DeepSeek-Coder-V2 §2.
public struct CodeFilter: Sendable, Equatable {
  /// Why a file is left out.
  public enum Reason: String, CaseIterable, Sendable {
    /// The mean line is longer than 100 characters.
    case longLines = "long lines"
    /// Some line is longer than 1000 characters.
    case endlessLine = "an endless line"
    /// Fewer than a quarter of the characters are letters.
    case fewLetters = "few letters"
    /// An XML header within the first 100 characters, in a file that is no XSLT.
    case exportedXML = "an XML header"
    /// HTML that shows less than a fifth of its characters, or fewer than 100.
    case hiddenHTML = "little visible text"
    /// JSON or YAML with fewer than 50 characters or more than 5000.
    case dataSize = "the size of data"
  }

  /// The longest mean line.
  public var meanLine = 100
  /// The longest line.
  public var longestLine = 1000
  /// The least share of letters.
  public var letterShare = 0.25
  /// The characters among which an XML header is looked for.
  public var headerReach = 100
  /// The least share of visible characters in HTML.
  public var visibleShare = 0.2
  /// The fewest visible characters in HTML.
  public var visibleCharacters = 100
  /// The sizes of JSON and YAML that are kept.
  public var dataCharacters = 50...5000

  /// The published rules.
  public init() {}

  // snippet.rules
  /// Why a file is left out, by the first rule that it breaks; nil if it stays.
  public func reason(toDrop file: SourceFile) -> Reason? {
    let scalars = file.text.unicodeScalars
    let count = scalars.count
    var lines = scalars.split(separator: "\n", omittingEmptySubsequences: false).map(\.count)
    // A line feed ends the last line and does not begin another.
    if lines.count > 1, lines.last == 0 { lines.removeLast() }
    if lines.reduce(0, +) > meanLine * lines.count { return .longLines }
    if lines.contains(where: { $0 > longestLine }) { return .endlessLine }
    let letters = scalars.count(where: \.properties.isAlphabetic)
    if Double(letters) < letterShare * Double(count) { return .fewLetters }
    if !["xsl", "xslt"].contains(file.suffix), hasHeader(file) { return .exportedXML }
    if ["html", "htm"].contains(file.suffix) {
      let visible = VisibleText(ofHTML: file.text).characters
      if visible < visibleCharacters || Double(visible) < visibleShare * Double(count) {
        return .hiddenHTML
      }
    }
    if ["json", "yaml", "yml"].contains(file.suffix), !dataCharacters.contains(count) {
      return .dataSize
    }
    return nil
  }
  // snippet.end

  private func hasHeader(_ file: SourceFile) -> Bool {
    String(file.text.unicodeScalars.prefix(headerReach)).contains("<?xml version=")
  }
}
