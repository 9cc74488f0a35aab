import Attention
import Tensors
import Text

/// Batches of examples, each a question with its response in a row of its own.
///
/// Every example is new: only the generator is remembered. The rows are ordered by length, so
/// that the shards of a batch have little padding.
public struct ExampleSource: BatchSource {
  /// The problems, and how often they are shown with their steps.
  public let mix: TaskMix
  /// The tokens.
  public let alphabet: TaskAlphabet
  /// The rows of a batch.
  public let sequences: Int
  /// The columns of a batch.
  public let length: Int
  /// The share of the thinking examples that are spoilt in one of three ways.
  public let damage: Double
  /// Whether the question is a target too, rather than the response alone.
  public let scoresPrompts: Bool
  /// What is remembered between two batches.
  public var generator: SplitMix64

  /// Creates a source.
  public init(
    _ mix: TaskMix, alphabet: TaskAlphabet = .standard, sequences: Int, length: Int,
    damage: Double = 0.05, scoresPrompts: Bool = false, seed: UInt64
  ) {
    self.mix = mix
    self.alphabet = alphabet
    self.sequences = sequences
    self.length = length
    self.damage = damage
    self.scoresPrompts = scoresPrompts
    generator = SplitMix64(seed: seed)
  }

  /// A number made from everything but the generator.
  public var fingerprint: UInt64 {
    let entries = mix.entries.flatMap { entry -> [UInt64] in
      let kind = TaskKind.allCases.firstIndex(of: entry.kind) ?? 0
      return [kind, entry.size, entry.weight].map { UInt64(bitPattern: Int64($0)) }
        + [entry.thinking.bitPattern]
    }
    let sizes = [sequences, length, scoresPrompts ? 1 : 0].map { UInt64(bitPattern: Int64($0)) }
    return .fingerprint(entries + sizes + [damage.bitPattern])
  }

  /// Draws a batch.
  public mutating func next() -> Batch {
    let examples = (0..<sequences).map { _ in example() }
    let order = examples.indices.sorted {
      (examples[$0].prompt.count + examples[$0].response.count, $0)
        < (examples[$1].prompt.count + examples[$1].response.count, $1)
    }
    return alphabet.batch(
      order.map { examples[$0] }, length: length, scoresPrompts: scoresPrompts)
  }

  /// Draws an example: a fresh problem, answered at once or after a thought.
  package mutating func example() -> Example {
    let (item, entry) = mix.drawn(heldOut: false, using: &generator)
    let thinks = item.steps != nil && generator.uniform() < entry.thinking
    let isSpoilt = thinks && generator.uniform() < damage
    let prompt = alphabet.prompt(item.prompt)
    guard isSpoilt else {
      return Example(
        prompt: prompt,
        response: alphabet.response(thought: thinks ? item.thought : nil, answer: item.answer))
    }
    return Example(prompt: prompt, response: spoiltResponse(to: item))
  }

  /// A thought without its end, with a wrong last step, or without an answer.
  private mutating func spoiltResponse(to item: TaskItem) -> [Int] {
    let thought = item.thought ?? ""
    let (think, endThink, end) = ([alphabet.think], [alphabet.endThink], [alphabet.end])
    switch Draw.below(3, using: &generator) {
    case 0: return think + alphabet.encode(thought + item.answer) + end
    case 1:
      let wrong = "\(Draw.below(10, using: &generator))"
      return alphabet.response(thought: thought.dropLast() + wrong, answer: wrong)
    default: return think + alphabet.encode(thought) + endThink + end
    }
  }
}

/// A question and what should follow.
public struct Example: Sendable, Equatable {
  /// The tokens of the question, up to the place where the assistant begins.
  public let prompt: [Int]
  /// The tokens of the response, the end among them.
  public let response: [Int]

  /// Joins the two.
  public init(prompt: [Int], response: [Int]) {
    self.prompt = prompt
    self.response = response
  }
}

extension TaskAlphabet {
  /// Puts examples into the rows of a batch, padded at their ends.
  ///
  /// The targets are the tokens of the responses, the end token too; the mask belongs to the
  /// target and not to the input, so the last token of the question predicts the first of the
  /// response.
  public func batch(
    _ examples: [Example], length: Int, scoresPrompts: Bool = false
  ) -> Batch {
    var (inputs, targets): ([Int], [Int]) = ([], [])
    for example in examples {
      let tokens = example.prompt + example.response
      let places = tokens.count - 1
      insist(
        places <= length,
        "an example of \(tokens.count) tokens needs more than \(length) places")
      let silent = scoresPrompts ? 0 : example.prompt.count - 1
      let rest = length - places
      inputs += tokens.dropLast() + [Int](repeating: padding, count: rest)
      targets += [Int](repeating: Batch.ignored, count: silent)
      targets += tokens[(silent + 1)...]
      targets += [Int](repeating: Batch.ignored, count: rest)
    }
    return Batch(
      inputs: inputs, targets: targets, sequences: examples.count, length: length)
  }
}
