import Attention
import Foundation
import Tensors
import Text

/// How surprised a model is by a word of a story that was told before.
///
/// A story draws its hero, its friend and the friend's manner once. Whoever reads their first
/// mention knows the later ones, so a model that looks back pays nothing for them. One that only
/// knows which words can stand in a place pays their entropy, each time.
public struct LaterMentions: Sendable, Equatable, Codable {
  /// Whose mentions: hero, friend or manner.
  public let word: String
  /// How many were read.
  public let count: Int
  /// The mean surprise of a mention, in nats.
  public let nats: Double

  /// Joins the numbers.
  public init(word: String, count: Int, nats: Double) {
    (self.word, self.count, self.nats) = (word, count, nats)
  }

  /// Reads fresh stories to a model.
  ///
  /// A mention counts where its tokens hold nothing else, with the space before it.
  public static func measure(
    _ model: LanguageModel, _ tokenizer: Tokenizer, stories: Int = 300, seed: UInt64 = 0
  ) -> [LaterMentions] {
    var generator = SplitMix64(seed: seed).branch(0x6AA)
    var sums: [(count: Int, nats: Double)] = [(0, 0), (0, 0), (0, 0)]
    for _ in 0..<stories {
      let story = ToldStory.drawn(using: &generator)
      let tokens = (tokenizer.beginID.map { [$0] } ?? []) + tokenizer.encode(story.text)
      let losses = model.losses(of: tokens)
      // A child may be as little as its friend; the manner is that of a word before the friend.
      // snippet.later
      let words = [
        (" " + story.hero, ""), (" " + story.friend, ""),
        (" " + story.manner, " " + story.friend),
      ]
      for (index, (word, rest)) in words.enumerated() {
        let first = story.text.hasPrefix(word.dropFirst()) ? 0 : 1
        for place in places(of: word, before: rest, in: story.text).dropFirst(first) {
          guard let range = range(of: place, tokens, tokenizer) else { continue }
          sums[index].count += 1
          // The loss before a token is the surprise of that token.
          sums[index].nats += range.reduce(0) { $0 + losses[$1 - 1] }
        }
      }
      // snippet.end
    }
    return zip(["hero", "friend", "manner"], sums).map { word, sum in
      LaterMentions(word: word, count: sum.count, nats: sum.nats / Double(max(sum.count, 1)))
    }
  }

  /// The bytes at which a word stands as a whole, with what must follow it.
  private static func places(
    of word: String, before rest: String, in text: String
  ) -> [Range<Int>] {
    text.ranges(of: word + rest).compactMap { range in
      let next = text[range.upperBound...].first
      guard next.map({ !$0.isLetter }) ?? true else { return nil }
      let start = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
      return start..<start + word.utf8.count
    }
  }

  /// The places of the tokens that hold some bytes of a text and no others.
  private static func range(
    of bytes: Range<Int>, _ tokens: [Int], _ tokenizer: Tokenizer
  ) -> Range<Int>? {
    var (start, first): (Int, Int?) = (0, nil)
    for (place, token) in tokens.enumerated() where token != tokenizer.beginID {
      if start == bytes.lowerBound { first = place }
      start += tokenizer.decode([token]).utf8.count
      if start == bytes.upperBound { return first.map { $0..<place + 1 } }
      if start > bytes.upperBound { return nil }
    }
    return nil
  }
}

extension LanguageModel {
  /// −log of the probability of each token but the first, in nats, as of one text.
  func losses(of tokens: [Int]) -> [Double] {
    let inputs = Array(tokens.dropLast())
    let pass = Pass(Sequences(count: 1, length: inputs.count), on: Tape(recording: false))
    let logits = hidden(inputs, in: pass).value.matmul(headWeight.value, transposing: .right)
    return inputs.indices.map { logits.surprise(of: tokens[$0 + 1], row: $0) }
  }
}

extension Tensor {
  /// −ln p of a token, of which a row has the logits: ln Σᵢ exp zᵢ − z, summed in 64 bits.
  package func surprise(of token: Int, row: Int) -> Double {
    let logits = rows(row..<row + 1).scalars.map(Double.init)
    let highest = logits.max() ?? 0
    return highest + log(logits.reduce(0) { $0 + exp($1 - highest) }) - logits[token]
  }
}
