import Attention
import Distillation
import RL
import Tensors

/// How the first readable thoughts are made.
///
/// R1-Zero answers fresh questions; what is right and of usual length is kept; then an editor
/// writes it in the question's tongue and sums it up. DeepSeek's editors were people and V3.
/// Paper: DeepSeek-R1 (Nature), supplement B.3.2.
public struct ColdStartPlan: Codable, Sendable, Equatable {
  /// The thoughts that are kept: "thousands" there.
  public var count = 512
  /// The share of the right responses that are not too long.
  public var longest = 0.95
  /// The most tokens of a response, and T.
  public var budget = 40, temperature = 1.0
  /// The seed of questions and samples.
  public var seed: UInt64 = 0
  /// How the base reads them.
  public var tuning: TuningPlan = {
    var plan = TuningPlan()
    (plan.epochs, plan.sequences, plan.rate) = (6, 32, 4e-4)
    return plan
  }()

  /// A plan with the usual settings.
  public init() {}

  var isPossible: Bool {
    (1...1_000_000).contains(count) && (0.01...1).contains(longest)
      && (1...4096).contains(budget) && temperature > 0 && temperature.isFinite
      && tuning.isPossible
  }

  /// Makes the examples.
  ///
  /// One seed gives the same ones on any number of threads. Throws when the writer is so often
  /// wrong that nothing could be learnt from it.
  public func examples(
    by writer: LanguageModel, sizes: ClosedRange<Int>, alphabet: TaskAlphabet = .bilingual
  ) throws(DistillationError) -> TeacherSamples {
    var generator = SplitMix64(seed: seed).branch(115)
    let mix = QuestionMix.sums(sizes)
    let rollout = Rollout(
      samples: 1, budget: budget, stops: [alphabet.end], temperature: temperature)
    var (right, asked): ([JudgedReply], Int) = ([], 0)
    // Some more than are wanted: the longest are left out.
    let wanted = Int((Double(count) / longest).rounded(.up))
    while right.count < wanted {
      let questions = (0..<min(512, wanted)).map { _ in mix.question(using: &generator) }
      let replies = writer.replies(
        to: questions, rollout, seed: generator.next(), in: alphabet)
      asked += questions.count
      right += replies.flatMap { $0 }.filter { $0.isRight && Editor.accepts($0, in: alphabet) }
      guard asked < 2048 || right.count * 100 >= asked else {
        throw .teacherIsWrong(right: right.count, asked: asked)
      }
    }
    let lengths = right.map(\.response.length).sorted()
    let most = lengths[min(lengths.count - 1, Int(Double(lengths.count) * longest))]
    let kept = right.filter { $0.response.length <= most }.prefix(count)
    return TeacherSamples(
      examples: kept.map { Editor.example(of: $0, in: alphabet) }, asked: asked)
  }
}

/// Who makes a thought good to read: one tongue, and the result at its end.
enum Editor {
  /// The sign of a second attempt.
  static let retry: Character = ";"

  /// Whether a response is worth editing: it thinks, does not begin again more than once, and has
  /// room in a row of the training when it is summed up.
  static func accepts(_ reply: JudgedReply, in alphabet: TaskAlphabet) -> Bool {
    guard reply.verdict.isThinking, let thought = reply.verdict.thought,
      thought.count(where: { $0 == retry }) <= 1
    else { return false }
    return example(of: reply, in: alphabet).places <= BilingualBase.plan.length
  }

  // snippet.editor
  /// The thought in the question's tongue, summed up: `33701190=0`.
  static func example(of reply: JudgedReply, in alphabet: TaskAlphabet) -> Example {
    let answer = reply.verdict.answer ?? ""
    let thought = reply.question.tongue.translating(reply.verdict.thought ?? "")
    return Example(
      prompt: alphabet.prompt(reply.question.prompt),
      response: alphabet.response(
        thought: reply.isSummedUp ? thought : thought + "=" + answer, answer: answer))
  }
  // snippet.end
}
