import Attention
import Distillation
import RL
import Tensors
import Text

/// Batches of examples in two tongues, each a question with its response in a row of its own.
///
/// Every example is new: only the generator is remembered.
public struct BilingualSource: BatchSource {
  /// The questions, and how often they are shown with their steps.
  public let mix: QuestionMix
  /// How responses are written.
  public let habits: BaseHabits
  /// The tokens.
  public let alphabet: TaskAlphabet
  /// The rows and the columns of a batch.
  public let sequences: Int, length: Int
  /// What is remembered between two batches.
  public var generator: SplitMix64

  /// Creates a source.
  public init(
    _ mix: QuestionMix, habits: BaseHabits = BaseHabits(),
    alphabet: TaskAlphabet = .bilingual, sequences: Int, length: Int, seed: UInt64
  ) {
    self.mix = mix
    self.habits = habits
    self.alphabet = alphabet
    self.sequences = sequences
    self.length = length
    generator = SplitMix64(seed: seed)
  }

  /// A number made from everything but the generator.
  public var fingerprint: UInt64 {
    let shares = [habits.matching, habits.foreign, habits.retries, habits.damage]
    return .fingerprint(
      [mix.fingerprint, UInt64(sequences), UInt64(length)] + shares.map(\.bitPattern))
  }

  /// Draws a batch, the shortest rows first, so that the shards of a batch have little padding.
  public mutating func next() -> Batch {
    alphabet.batch((0..<sequences).map { _ in example() }.byLength, length: length)
  }

  /// Draws an example: a fresh question, answered at once or after a thought.
  package mutating func example() -> Example {
    let (question, entry) = mix.drawn(heldOut: false, using: &generator)
    let thinks = generator.uniform() < entry.thinking
    return Example(
      prompt: alphabet.prompt(question.prompt),
      response: habits.response(
        to: question, thinks: thinks, in: alphabet, using: &generator))
  }
}
