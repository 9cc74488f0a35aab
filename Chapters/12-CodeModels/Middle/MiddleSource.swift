import Attention
import Tensors
import Text

/// Documents of code, some of them rearranged to fill in a middle.
///
/// The loss counts all tokens behind the first, those of prefix and suffix too: at the rate 0 it
/// is ordinary training, and nothing else differs.
public struct MiddleSource: TextSource {
  /// The programs.
  public let sampler: ProgramSampler
  /// The rewriting.
  public let transform: FillInTheMiddle
  /// The tokens.
  public let alphabet: CodeAlphabet
  /// The tokens of a batch.
  public let budget: Int
  /// What is remembered between two batches.
  public var generator: SplitMix64

  /// Creates a source.
  public init(
    _ sampler: ProgramSampler, rate: Double, budget: Int, seed: UInt64,
    alphabet: CodeAlphabet = .standard
  ) {
    self.sampler = sampler
    self.alphabet = alphabet
    self.budget = budget
    transform = alphabet.fillInTheMiddle(rate: rate)
    generator = SplitMix64(seed: seed)
  }

  /// The token that fills up rows.
  public var padding: Int { alphabet.tasks.padding }

  /// A number made from everything but the generator.
  public var fingerprint: UInt64 {
    let sizes = [sampler.lengths.lowerBound, sampler.lengths.upperBound, budget]
    return .fingerprint(
      "middle".numbers + sizes.map { UInt64($0) }
        + [transform.rate.bitPattern, sampler.shufflesNames ? 1 : 0])
  }

  /// Draws a document and, at the rate of the transform, rearranges it.
  public mutating func text() -> ScoredText {
    let document = alphabet.tasks.encode(
      TracedProgram.drawn(from: sampler, using: &generator))
    let told = transform.document(document, using: &generator)
    return ScoredText().reading([alphabet.tasks.begin]).writing(told + [alphabet.tasks.end])
  }
}
