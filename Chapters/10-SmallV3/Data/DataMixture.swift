import Foundation
import Tensors
import Text

/// Several sources of documents, drawn from by weight.
///
/// The weights are whole numbers, so the shares are exact, and the same seed draws the same
/// documents in the same order.
public struct DataMixture: Sendable {
  /// One source.
  public struct Part: Sendable {
    /// Where documents come from.
    fileprivate enum Supply: Sendable {
      case list([String])
      case grammar(Document.Kind)
    }

    /// What it is called.
    public let name: String
    /// How often it is drawn from, beside the others.
    public let weight: Int
    fileprivate let supply: Supply

    /// A source that has some documents, and begins again when all are told.
    public static func documents(_ texts: [String], name: String, weight: Int) -> Part {
      insist(!texts.isEmpty, "DataMixture: \(name) has no document")
      return Part(name: name, weight: weight, supply: .list(texts))
    }

    /// A sort of document of the built-in corpus, which never ends.
    public static func grammar(_ kind: Document.Kind, weight: Int) -> Part {
      Part(name: kind.rawValue, weight: weight, supply: .grammar(kind))
    }
  }

  /// A document that was drawn.
  public struct Drawn: Sendable, Equatable {
    /// The number of its source.
    public let part: Int
    /// The text.
    public let text: String
    /// −log₂ of its probability within its source, where that is known.
    public let bits: Double?
  }

  /// The sources.
  public let parts: [Part]

  /// Joins sources.
  public init(_ parts: [Part]) {
    insist(
      !parts.isEmpty && parts.allSatisfy { $0.weight >= 0 } && parts.contains { $0.weight > 0 },
      "DataMixture: the weights \(parts.map(\.weight)) give no source a share")
    self.parts = parts
  }

  /// The built-in corpus in its own proportions, for which the entropy is known.
  public static let builtIn = DataMixture(
    zip(Document.Kind.allCases, DocumentSource.weights).map { .grammar($0, weight: $1) })

  /// Draws documents until their texts have so many bytes.
  ///
  /// Each list is told in an order of its own, shuffled anew each time round, so that no document
  /// comes a second time before all have come once.
  public func draw(bytes: Int, using generator: SplitMix64) -> [Drawn] {
    var choices = generator.branch(0)
    var supplies = parts.indices.map { generator.branch(UInt64($0) + 1) }
    var orders = [[Int]](repeating: [], count: parts.count)
    var drawn: [Drawn] = []
    var length = 0
    while length < bytes {
      let part = Draw.index(weights: parts.map(\.weight), using: &choices)
      switch parts[part].supply {
      case .list(let texts):
        if orders[part].isEmpty {
          orders[part] = Draw.shuffled(Array(texts.indices), using: &supplies[part])
        }
        let next = orders[part].removeLast()
        drawn.append(Drawn(part: part, text: texts[next], bits: nil))
      case .grammar(let kind):
        let document = DocumentSource.document(kind, using: &supplies[part])
        drawn.append(Drawn(part: part, text: document.text, bits: document.bits))
      }
      length += max(drawn[drawn.count - 1].text.utf8.count, 1)
    }
    return drawn
  }
}
