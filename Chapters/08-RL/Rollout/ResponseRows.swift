import Attention
import Tensors

/// Prompts with their responses, padded to one length, as a model reads them again.
///
/// The row that has read token P−1+t of a text predicts token t of its response; the last token
/// of a response is predicted and never read. What stands behind it is padding, which nothing
/// sees.
package struct ResponseRows: Sendable {
  /// The texts without their last tokens, one after the other.
  package private(set) var inputs: [Int] = []
  /// The rows that predict the tokens of the responses, response by response.
  package private(set) var places: [Int] = []
  /// The tokens that they predict.
  package private(set) var tokens: [Int] = []
  /// The layout of the inputs.
  package let sequences: Sequences

  /// Lays out some responses.
  /// - Parameters:
  ///   - padding: the token behind the texts.
  ///   - length: the length of each row; that of the longest text, if nil.
  package init(
    _ texts: [(prompt: [Int], response: [Int])], padding: Int = 0, length: Int? = nil
  ) {
    let longest = texts.map { $0.prompt.count + $0.response.count - 1 }.max() ?? 0
    let length = length ?? longest
    insist(length >= longest, "ResponseRows: a text of \(longest) tokens in rows of \(length)")
    sequences = Sequences(count: texts.count, length: length)
    inputs.reserveCapacity(texts.count * length)
    for (index, text) in texts.enumerated() {
      insist(
        !text.prompt.isEmpty && !text.response.isEmpty,
        "ResponseRows: text \(index) has no prompt or no response")
      inputs += text.prompt
      inputs += text.response.dropLast()
      let used = text.prompt.count + text.response.count - 1
      inputs += repeatElement(padding, count: length - used)
      let first = index * length + text.prompt.count - 1
      places += first..<first + text.response.count
      tokens += text.response
    }
  }

  /// The hidden rows that predict the tokens of the responses.
  /// - Shape: → [tokens, width]
  package func hidden(of model: LanguageModel, on tape: Tape) -> Variable {
    model.hidden(inputs, in: Pass(sequences, on: tape)).gathered(at: places)
  }
}

/// Where a response stands among some groups.
struct ResponsePlace: Sendable, Equatable {
  let group, index: Int

  /// Some responses cut into shards, the longest texts first, so that rows of one shard are
  /// alike.
  ///
  /// The cut depends on the lengths alone. Threads that take the longest first end together.
  static func shards(
    of groups: [ResponseGroup], count: Int, where isWanted: (ResponsePlace) -> Bool
  ) -> [[ResponsePlace]] {
    let places = groups.indices.flatMap { group in
      groups[group].responses.indices.map { ResponsePlace(group: group, index: $0) }
    }.filter(isWanted)
    let lengths = places.map {
      groups[$0.group].prompt.count + groups[$0.group].responses[$0.index].length
    }
    let order = places.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    let size = max(1, (places.count + count - 1) / count)
    return stride(from: 0, to: order.count, by: size).map { start in
      order[start..<min(start + size, order.count)].map { places[$0] }
    }
  }
}

extension [ResponseGroup] {
  func response(_ place: ResponsePlace) -> Response { self[place.group].responses[place.index] }

  /// The texts of some places, laid out.
  func rows(_ places: [ResponsePlace]) -> ResponseRows {
    ResponseRows(places.map { (self[$0.group].prompt, response($0).tokens) })
  }
}
