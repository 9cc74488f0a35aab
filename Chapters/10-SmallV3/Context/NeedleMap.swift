import Attention
import Tensors
import Text

/// How often a model finds a needle, for every length of the text and every depth in it.
public struct NeedleMap: Sendable, Equatable {
  /// The lengths, in tokens.
  public let lengths: [Int]
  /// The depths, from 0 at the beginning to 1 at the end.
  public let depths: [Double]
  /// The share of needles found, a row for each length.
  ///
  /// - Shape: [lengths, depths]
  public let shares: [[Double]]

  /// Hides needles in fresh texts and lets a model answer greedily; an answer counts when all of
  /// its tokens are right.
  /// - Parameters:
  ///   - trials: the texts of each cell.
  ///   - needles: the facts in each text, of which one is asked for.
  public init(
    of model: LanguageModel, lengths: [Int], depths: [Double], trials: Int, needles: Int = 1,
    tokenizer: Tokenizer, seed: UInt64
  ) {
    self.init(
      lengths: lengths, depths: depths, trials: trials, needles: needles, tokenizer: tokenizer,
      seed: seed
    ) { $0.isAnswered(by: model) }
  }

  /// Hides needles in fresh texts and notes which of them somebody finds.
  package init(
    lengths: [Int], depths: [Double], trials: Int, needles: Int, tokenizer: Tokenizer,
    seed: UInt64, isFound: @Sendable (Haystack) -> Bool
  ) {
    self.lengths = lengths
    self.depths = depths
    let cells = lengths.flatMap { length in depths.map { (length, $0) } }
    let shares = Threads.map(cells.count) { index in
      let (length, depth) = cells[index]
      var generator = SplitMix64(seed: seed).branch(UInt64(index))
      let found = (0..<trials).count { _ in
        isFound(
          Haystack(
            Needle.drawn(needles, using: &generator), length: length, depth: depth,
            tokenizer: tokenizer, using: &generator))
      }
      return Double(found) / Double(trials)
    }
    self.shares = lengths.indices.map { row in
      Array(shares[row * depths.count..<(row + 1) * depths.count])
    }
  }

  /// The mean over the depths of one length.
  public func share(at length: Int) -> Double {
    guard let row = lengths.firstIndex(of: length) else { return 0 }
    return shares[row].reduce(0, +) / Double(depths.count)
  }
}

extension Haystack {
  /// Whether a model's likeliest continuation is the answer to the last question.
  ///
  /// One pass over text and answer tells: as long as its tokens are right, the model would have
  /// read the very same ones.
  public func isAnswered(by model: LanguageModel) -> Bool {
    let answer = answers[answers.count - 1].tokens
    let tokens = Array(self.tokens.dropLast())
    let pass = Pass(Sequences(count: 1, length: tokens.count), on: Tape(recording: false))
    let hidden = model.hidden(tokens, in: pass).value
    let last = hidden.rows(tokens.count - answer.count..<tokens.count)
    let logits = last.matmul(model.headWeight.value, transposing: .right)
    return answer.indices.allSatisfy { place in
      Sampling.likeliest(logits.rows(place..<place + 1).scalars) == answer[place]
    }
  }
}
