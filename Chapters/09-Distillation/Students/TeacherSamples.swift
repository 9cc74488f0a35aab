import Attention
import RL
import Tensors
import Text

/// What a teacher wrote, as far as it was right: the text that students learn from.
///
/// Fresh questions are asked, the teacher answers by chance, and rules throw away what is wrong:
/// rejection sampling, as for the 800 000 samples that DeepSeek-R1 wrote for its students.
/// Paper: DeepSeek-R1 §2.3.3 – 2.4.
public struct TeacherSamples: Sendable, Equatable {
  /// How a teacher is asked.
  public struct Plan: Sendable, Equatable, Codable {
    /// The samples that are kept.
    public var count = 4096
    /// The fewest and the most digits of the sums.
    public var smallest = 8, largest = 10
    /// The share of questions that need no thought: digits to sort or to copy.
    ///
    /// A quarter, as of the 800 000.
    public var plainShare = 0.25
    /// The most tokens of a response.
    public var budget = 40
    /// T of the samples.
    public var temperature = 1.0
    /// The seed of questions and samples.
    public var seed: UInt64 = 0

    /// The plan that the book uses.
    public init() {}

    /// The questions.
    public var mix: TaskMix {
      let sums = (smallest...max(smallest, largest)).map { ($0, TaskKind.digitSum) }
      let plain = (3...6).flatMap { [($0, TaskKind.sorting), ($0, .copying)] }
      let weight = Int((plainShare * 1000).rounded())
      return TaskMix(
        sums.map { .init($0.1, size: $0.0, weight: max(1, (1000 - weight) / sums.count)) }
          + plain.map { .init($0.1, size: $0.0, weight: weight / plain.count) })
    }

    /// Whether the numbers make sense; a plan that was read from a file might not.
    var isPossible: Bool {
      [count, smallest, largest, budget].allSatisfy { (1...1_000_000).contains($0) }
        && smallest <= largest && largest <= 64 && budget <= 4096
        && (0...1).contains(plainShare) && temperature > 0 && temperature.isFinite
    }
  }

  /// The questions with the responses that were right.
  public let examples: [Example]
  /// The responses that were asked for.
  public let asked: Int

  /// Joins samples that are there already.
  public init(examples: [Example], asked: Int) {
    insist(!examples.isEmpty, "TeacherSamples: there is nothing to learn from")
    self.examples = examples
    self.asked = asked
  }

  /// The share of responses that were kept.
  public var keptShare: Double { Double(examples.count) / Double(max(asked, 1)) }

  /// The tokens of all responses, ends included.
  public var tokens: Int { examples.reduce(0) { $0 + $1.response.count } }

  /// Asks a teacher until enough of its responses were right.
  ///
  /// One seed gives the same samples on any number of threads. Throws when a teacher is so often
  /// wrong that nothing could be learnt from it.
  public init(
    of teacher: LanguageModel, _ plan: Plan, alphabet: TaskAlphabet = .standard
  ) throws(DistillationError) {
    var generator = SplitMix64(seed: plan.seed).branch(9)
    let mix = plan.mix
    let rollout = Rollout(
      samples: 1, budget: plan.budget, stops: [alphabet.end], temperature: plan.temperature)
    var (kept, asked): ([Example], Int) = ([], 0)
    // snippet.rejection
    while kept.count < plan.count {
      let items = (0..<min(512, plan.count)).map { _ in mix.item(using: &generator) }
      let prompts = items.map { alphabet.prompt($0.prompt) }
      let responses = teacher.responses(to: prompts, rollout, seed: generator.next())
      for (item, (prompt, response)) in zip(items, zip(prompts, responses))
      where kept.count < plan.count {
        asked += 1
        guard JudgedResponse(response[0], to: item, in: alphabet).isRight else { continue }
        kept.append(Example(prompt: prompt, response: response[0].tokens))
      }
      // One right sample in a hundred makes a hundred times the work, and that is enough.
      guard asked < 2048 || kept.count * 100 >= asked else {
        throw .teacherIsWrong(right: kept.count, asked: asked)
      }
    }
    // snippet.end
    self.init(examples: kept, asked: asked)
  }

  /// The examples of one step, in an order that is new in each round and depends on nothing but
  /// the seed.
  /// - Parameter step: the number of the step, from 0.
  package func examples(step: Int, count: Int, seed: UInt64) -> [Example] {
    var (round, order) = (-1, examples)
    return (step * count..<(step + 1) * count).map { place in
      let (wanted, index) = place.quotientAndRemainder(dividingBy: examples.count)
      if wanted != round {
        var generator = SplitMix64(seed: seed).branch(UInt64(wanted))
        (round, order) = (wanted, Draw.shuffled(examples, using: &generator))
      }
      return order[index]
    }
  }
}

/// Batches of a teacher's samples with silent questions, for a plain trainer.
///
/// With `Trainer` this is all that the students of DeepSeek-R1 had.
public struct SampleSource: BatchSource {
  /// The samples.
  public let samples: TeacherSamples
  /// The tokens.
  public let alphabet: TaskAlphabet
  /// The rows and the columns of a batch.
  public let sequences: Int, length: Int
  /// What is remembered between two batches.
  public var generator: SplitMix64

  /// Creates a source.
  public init(
    _ samples: TeacherSamples, alphabet: TaskAlphabet = .standard, sequences: Int, length: Int,
    seed: UInt64
  ) {
    self.samples = samples
    self.alphabet = alphabet
    self.sequences = sequences
    self.length = length
    generator = SplitMix64(seed: seed)
  }

  /// A number made from the samples and the size of a batch.
  public var fingerprint: UInt64 {
    let sizes = [sequences, length].map { UInt64(bitPattern: Int64($0)) }
    return .fingerprint([samples.fingerprint] + sizes)
  }

  /// Draws a batch, each sample with equal chances.
  public mutating func next() -> Batch {
    let drawn = (0..<sequences).map { _ in
      samples.examples[Draw.below(samples.examples.count, using: &generator)]
    }
    return alphabet.batch(drawn.byLength, length: length)
  }
}

extension [Example] {
  /// The same examples, the shortest first, so that the shards of a batch have little padding.
  package var byLength: [Example] {
    indices.sorted {
      (self[$0].prompt.count + self[$0].response.count, $0)
        < (self[$1].prompt.count + self[$1].response.count, $1)
    }.map { self[$0] }
  }
}
