import Attention
import Distillation
import RL
import Tensors
import Text

/// How the last reasoning model writes the text from which the base learns once more.
///
/// Several answers to each question; the right ones in one tongue and without repetition are kept,
/// two of a question at most, and the editor sums up what is not; then data that need no thought
/// are added. DeepSeek-R1 had 600 000 and 200 000.
/// Paper: DeepSeek-R1 (Nature), supplement B.3.3.
public struct RejectionPlan: Codable, Sendable, Equatable {
  /// The questions, the samples of each, and how many of them are kept.
  public var questions = 3000, samples = 4, kept = 2
  /// The share of data without thoughts.
  public var plainShare = 0.25
  /// The most tokens of a response, and T.
  public var budget = 40, temperature = 1.0
  /// The seed of questions and samples.
  public var seed: UInt64 = 0
  /// How the base reads them.
  public var tuning: TuningPlan = {
    var plan = TuningPlan()
    (plan.epochs, plan.sequences, plan.rate) = (2, 32, 4e-4)
    return plan
  }()

  /// A plan with the usual settings.
  public init() {}

  var isPossible: Bool {
    [questions, samples, kept, budget].allSatisfy { (1...1_000_000).contains($0) }
      && questions * samples <= 1 << 22 && (0..<1).contains(plainShare) && temperature > 0
      && temperature.isFinite && tuning.isPossible
  }

  /// Makes the examples: reasoning first, then the others; the order of reading is the reader's.
  public func examples(
    by writer: LanguageModel, sizes: ClosedRange<Int>, alphabet: TaskAlphabet = .bilingual
  ) throws(DistillationError) -> TeacherSamples {
    var generator = SplitMix64(seed: seed).branch(116)
    let mix = QuestionMix.sums(sizes)
    let questions = (0..<questions).map { _ in mix.question(using: &generator) }
    let rollout = Rollout(
      samples: samples, budget: budget, stops: [alphabet.end], temperature: temperature)
    let replies = writer.replies(to: questions, rollout, seed: generator.next(), in: alphabet)
    let thoughts = replies.flatMap { all in
      var seen: Set<[Int]> = []
      // Two equal responses to one question teach nothing that one does not.
      return all.filter {
        accepts($0, in: alphabet) && seen.insert($0.response.tokens).inserted
      }.prefix(kept)
    }
    let asked = questions.count * samples
    guard thoughts.count * 100 >= questions.count else {
      throw .teacherIsWrong(right: thoughts.count, asked: asked)
    }
    let plain = Int(Double(thoughts.count) * plainShare / (1 - plainShare))
    let others = (0..<plain).map { _ -> Example in
      let question = QuestionMix.plain.question(using: &generator)
      let answer = question.answer ?? RequestReplies.written(question, using: &generator)
      return Example(
        prompt: alphabet.prompt(question.prompt),
        response: alphabet.response(thought: nil, answer: answer))
    }
    let reasoning = thoughts.map { Editor.example(of: $0, in: alphabet) }
    return TeacherSamples(examples: reasoning + others, asked: asked + plain)
  }

  /// Right, in the question's tongue alone, and worth editing.
  private func accepts(_ reply: JudgedReply, in alphabet: TaskAlphabet) -> Bool {
    reply.isRight && reply.consistency == 1 && Editor.accepts(reply, in: alphabet)
  }
}
