import Attention
import RL
import Tensors
import Text

/// Holes in documents that no training saw, and how a model fills them.
public struct MiddleExamination: Sendable, Equatable {
  /// A document with a hole.
  public struct Hole: Sendable, Equatable {
    /// The tokens of the document.
    public let document: [Int]
    /// What was taken out: 1 to 10 characters.
    public let middle: Range<Int>

    /// The tokens that were taken out.
    public var answer: [Int] { Array(document[middle]) }
  }

  /// Where holes are made.
  public enum Place: String, Sendable, Codable {
    /// Within the program: code is to be completed, and what it did is known.
    case programs
    /// Anywhere in the document, in its trace too.
    case documents
  }

  /// The shortest and the longest hole.
  public static let lengths = 1...10

  /// The holes.
  public let holes: [Hole]
  /// The tokens.
  public let alphabet: CodeAlphabet

  /// Draws documents and a hole in each: its length first, then its place, each equally likely.
  ///
  /// Where there are fewer held-out programs than holes, each has several, with other inputs.
  public init(
    _ sampler: ProgramSampler, _ place: Place, count: Int, seed: UInt64,
    alphabet: CodeAlphabet = .standard
  ) {
    var generator = SplitMix64(seed: seed)
    self.alphabet = alphabet
    let programs = sampler.heldOut(count, seed: seed)
    holes =
      programs.isEmpty
      ? []
      : (0..<count).map { index in
        let program = programs[index % programs.count]
        let text = TracedProgram.text(of: program, x: Draw.below(10, using: &generator))
        let room = place == .programs ? "\(program)".utf8.count : text.utf8.count
        let longest = min(Self.lengths.upperBound, room)
        let length = Self.lengths.lowerBound + Draw.below(longest, using: &generator)
        let start = Draw.below(room - length + 1, using: &generator)
        return Hole(
          document: alphabet.tasks.encode(text), middle: start..<start + length)
      }
  }

  /// The two sides of a hole, as a model is asked to fill it.
  package func sides(of hole: Hole) -> [Int] {
    [alphabet.tasks.begin]
      + alphabet.fillInTheMiddle(rate: 1).prompt(
        prefix: Array(hole.document[..<hole.middle.lowerBound]),
        suffix: Array(hole.document[hole.middle.upperBound...]))
  }

  /// The side in front of a hole, as a model is asked to go on from it.
  package func front(of hole: Hole) -> [Int] {
    [alphabet.tasks.begin] + hole.document[..<hole.middle.lowerBound]
  }

  // snippet.met
  /// For each hole whether a model that sees both sides writes the middle, and then ends.
  public func filled(by model: LanguageModel) -> [Bool] {
    let end = alphabet.tasks.end
    let rollout = Rollout.greedy(budget: Self.lengths.upperBound + 1, stops: [end])
    let responses = model.responses(to: holes.map(sides), rollout, seed: 0)
    return zip(holes, responses).map { $1[0].tokens == $0.answer + [end] }
  }

  /// For each hole whether a model that sees the prefix alone goes on with the middle.
  ///
  /// It cannot know where the hole ends, so it is not asked: only as many characters as were
  /// taken out are compared.
  public func continued(by model: LanguageModel) -> [Bool] {
    let rollout = Rollout.greedy(
      budget: Self.lengths.upperBound, stops: [alphabet.tasks.end])
    let responses = model.responses(to: holes.map(front), rollout, seed: 0)
    return zip(holes, responses).map { $1[0].tokens.starts(with: $0.answer) }
  }
  // snippet.end

  /// The ordinary loss on the same documents, left to right, in nats a token.
  public func loss(of model: some TrainableModel) -> Double {
    let texts = holes.map { hole in
      ScoredText().reading([alphabet.tasks.begin])
        .writing(hole.document + [alphabet.tasks.end])
    }
    let batches = stride(from: 0, to: texts.count, by: 32).map { first in
      Batch(
        Array(texts[first..<min(first + 32, texts.count)]), padding: alphabet.tasks.padding)
    }
    return model.evaluate(batches)
  }
}
