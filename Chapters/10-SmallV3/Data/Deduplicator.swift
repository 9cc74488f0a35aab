import Attention
import Tensors

/// Finds documents that are copies of earlier ones, or nearly so.
///
/// A copy has the same text after `normalized`. A near copy shares so many of its shingles – runs
/// of five words – with an earlier document that their Jaccard index reaches the threshold. Only
/// documents whose signatures agree in a whole band are compared, so the work grows with the
/// number of documents and not with that of their pairs. What the bands propose is decided exactly.
public struct Deduplicator: Sendable {
  /// What counts as nearly the same.
  public struct Rule: Sendable, Equatable, Codable {
    /// The words of a shingle.
    public var words = 5
    /// The least Jaccard index of a near copy.
    public var threshold = 0.8
    /// The bands of a signature.
    public var bands = 24
    /// The numbers of a band: pairs of likeness j meet in one of b bands with 1 − (1 − jʳ)ᵇ.
    public var rows = 8

    /// Creates the usual rule, which finds 99 % of the pairs at its threshold.
    public init() {}

    /// The chance that two documents of a given likeness are compared at all.
    public func chance(at likeness: Double) -> Double {
      var apart = 1.0
      let meet = (0..<rows).reduce(1.0) { product, _ in product * likeness }
      for _ in 0..<bands { apart *= 1 - meet }
      return 1 - apart
    }
  }

  /// What a document is beside the earlier ones.
  public enum Verdict: Sendable, Equatable {
    /// Like none of them.
    case new
    /// The same text as a document that was kept, by its number among all that were examined.
    case copy(of: Int)
    /// Nearly the same.
    case nearCopy(of: Int, likeness: Double)
  }

  /// The rule.
  public let rule: Rule
  /// The documents examined so far.
  public private(set) var count = 0
  private let hashes: MinHash
  private var texts: [String: Int] = [:]
  private var shingles: [Int: Set<UInt64>] = [:]
  private var bands: [[UInt64: [Int]]]

  /// Begins without any document.
  public init(_ rule: Rule = Rule()) {
    insist(
      rule.words > 0 && rule.bands > 0 && rule.rows > 0 && (0...1).contains(rule.threshold),
      "Deduplicator: \(rule) is no rule")
    self.rule = rule
    hashes = MinHash(count: rule.bands * rule.rows)
    bands = [[UInt64: [Int]]](repeating: [:], count: rule.bands)
  }

  // snippet.examine
  /// Judges a document, and remembers it if it is new.
  public mutating func examine(_ text: String) -> Verdict {
    defer { count += 1 }
    let text = Self.normalized(text)
    if let earlier = texts[text] { return .copy(of: earlier) }
    let own = shingles(of: text)
    let keys = bandKeys(of: hashes.signature(of: own))
    let candidates = Set(zip(bands, keys).flatMap { $0[$1] ?? [] })
    for earlier in candidates.sorted() {
      let likeness = MinHash.jaccard(own, shingles[earlier] ?? [])
      if likeness >= rule.threshold { return .nearCopy(of: earlier, likeness: likeness) }
    }
    texts[text] = count
    shingles[count] = own
    for (band, key) in keys.enumerated() { bands[band][key, default: []].append(count) }
    return .new
  }
  // snippet.end

  /// The text in lower case, with one space for every run of white space and none at the ends.
  public static func normalized(_ text: String) -> String {
    text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// A number for every run of words of a normalised text; a shorter text is one run.
  package func shingles(of text: String) -> Set<UInt64> {
    let words = text.split(separator: " ").map { word in
      UInt64.fingerprint(word.utf8.map { UInt64($0) })
    }
    guard words.count > rule.words else { return [.fingerprint(words)] }
    return Set(
      (0...words.count - rule.words).map { .fingerprint(words[$0..<$0 + rule.words]) })
  }

  private func bandKeys(of signature: [UInt32]) -> [UInt64] {
    (0..<rule.bands).map { band in
      .fingerprint(signature[band * rule.rows..<(band + 1) * rule.rows].map { UInt64($0) })
    }
  }
}
