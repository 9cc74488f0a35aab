import Attention
import Foundation
import MTP
import RL
import Tensors
import Text

/// A student on its way: five ways of learning, counted in the same tokens and examined alike.
///
/// A step takes a batch of texts, measures how far the student's next tokens lie from the
/// teacher's, and moves the weights of the student alone. All chance comes from the seed and the
/// number of the step, so a run that is continued has the bits of one that was never stopped.
public struct DistillationRun: Sendable {
  /// The student, whose weights every step changes.
  public let student: LanguageModel
  /// The plan.
  public let plan: DistillationPlan
  /// The tokens.
  public let alphabet: TaskAlphabet
  /// The number of steps done.
  public internal(set) var step = 0
  /// The tokens that have given the student a gradient.
  public internal(set) var tokens = 0
  /// The best look at problems that are not trained on, and the step after which it was.
  public internal(set) var best: (score: Double, step: Int) = (-1, 0)
  /// The looks since the best one.
  var misses = 0
  /// The accuracy of the student's base on the controls.
  var controlOfBase: Double?
  let teacher: LanguageModel?
  let samples: TeacherSamples?
  let validation: Validation
  var optimizer: AdamW
  var zero: ZeroRun?

  /// Starts to distil a teacher into a student.
  ///
  /// Throws when the two do not know the same tokens.
  public init(
    _ student: LanguageModel, from teacher: LanguageModel, samples: TeacherSamples,
    plan: DistillationPlan, alphabet: TaskAlphabet = .standard
  ) throws(DistillationError) {
    guard student.vocabularySize == teacher.vocabularySize else {
      throw .unlikeTokens(student: student.vocabularySize, teacher: teacher.vocabularySize)
    }
    insist(
      plan.divergence != nil, "DistillationRun: reinforcement has no teacher; use reinforcing:")
    self.init(student, teacher, samples, plan, alphabet)
  }

  /// Starts to reinforce a student without a teacher: the rival.
  /// - Parameter twin: a model of the same sizes, whose weights are overwritten.
  public init(
    reinforcing student: LanguageModel, twin: LanguageModel, plan: DistillationPlan,
    alphabet: TaskAlphabet = .standard
  ) {
    var plan = plan
    plan.method = .reinforcement
    self.init(student, nil, nil, plan, alphabet)
    // A model without modules that look ahead is a decoder and no more.
    zero = ZeroRun(
      DeepSeekModel(language: student, modules: []),
      twin: DeepSeekModel(language: twin, modules: []), plan: plan.zero, alphabet: alphabet)
  }

  private init(
    _ student: LanguageModel, _ teacher: LanguageModel?, _ samples: TeacherSamples?,
    _ plan: DistillationPlan, _ alphabet: TaskAlphabet
  ) {
    self.student = student
    self.teacher = teacher
    self.samples = samples
    self.plan = plan
    self.alphabet = alphabet
    validation = Validation(
      sizes: plan.sizes, problems: plan.problems, budget: plan.samples.budget,
      alphabet: alphabet)
    optimizer = AdamW(
      student.namedParameters, rate: plan.rate, decay: 0, beta1: 0.9, beta2: 0.95)
  }

  /// Whether the tokens are spent, or too many looks in a row were no better than the best.
  public var isFinished: Bool {
    tokens >= plan.tokens || plan.patience > 0 && misses >= plan.patience
  }

  /// Whether the step just taken is one after which the plan wants a look.
  public func wantsLook(after report: StudentReport, before tokens: Int) -> Bool {
    report.tokens >= plan.tokens
      || report.tokens * plan.looks / plan.tokens > tokens * plan.looks / plan.tokens
  }

  /// Takes one step.
  ///
  /// Throws `TrainingError` when loss or gradient is not finite; the weights are then as they
  /// were.
  public mutating func takeStep() throws(TrainingError) -> StudentReport {
    let start = ContinuousClock.now
    if controlOfBase == nil { controlOfBase = validation.controls(of: student) }
    var report = StudentReport(step: step + 1)
    if zero != nil {
      try reinforce(&report)
    } else {
      try distil(&report)
    }
    step += 1
    report.tokens = tokens
    report.seconds = (ContinuousClock.now - start) / .seconds(1)
    return report
  }

  private mutating func distil(_ report: inout StudentReport) throws(TrainingError) {
    let texts = texts(&report)
    let longest = texts.map { $0.prompt.count + $0.response.count - 1 }.max() ?? 1
    let batch = alphabet.batch(texts.byLength, length: longest)
    let count = batch.targetCount
    var result = gradient(of: batch)
    guard result.loss.isFinite else {
      throw .lossNotFinite(step: step + 1, loss: result.loss)
    }
    let norm: Float
    do { norm = try result.gradients.clip(toNorm: plan.clip) } catch {
      throw .gradientNotFinite(step: step + 1, norm: error.norm, weight: nil)
    }
    let factor = Float(plan.schedule.factor(at: Double(tokens) / Double(plan.tokens)))
    optimizer.step(result.gradients, factor: factor)
    tokens += count
    report.loss = result.loss
    report.gradientNorm = Double(norm)
    report.learningRate = Double(plan.rate * factor)
    report.length = Double(count) / Double(texts.count)
  }

  // snippet.texts
  /// The texts of a step: the teacher's, or now and then what the student writes itself.
  ///
  /// The student's text is sampled at T = 1, and nothing flows back through the sampling.
  private func texts(_ report: inout StudentReport) -> [Example] {
    let theirs =
      samples?.examples(step: step, count: plan.sequences, seed: plan.seed) ?? []
    var generator = SplitMix64(seed: plan.seed).branch(0x9000_0000 + UInt64(step))
    guard plan.method == .onPolicy, generator.uniform() < plan.onPolicyShare else {
      return theirs
    }
    report.isOnPolicy = true
    let rollout = Rollout(samples: 1, budget: plan.samples.budget, stops: [alphabet.end])
    let own = student.responses(to: theirs.map(\.prompt), rollout, seed: generator.next())
    return zip(theirs, own).map { Example(prompt: $0.prompt, response: $1[0].tokens) }
  }
  // snippet.end

  // snippet.gradient
  /// The mean divergence over the responses of a batch and its gradient, by shards.
  package func gradient(of batch: Batch) -> (loss: Double, gradients: Gradients) {
    let shards = batch.shards(8)
    let count = batch.targetCount
    let divergence = plan.divergence ?? .sequence
    let parts = Threads.map(shards.count) { [student, teacher] index in
      let shard = shards[index].withoutIdleColumns
      let targets = shard.targets.filter { $0 >= 0 }
      let tape = Tape()
      let theirs =
        divergence.needsTeacher
        ? teacher?.responseLogits(of: shard, on: Tape(recording: false)).value : nil
      let loss = student.responseLogits(of: shard, on: tape).distillationLoss(
        teacher: theirs, targets: targets, divergence, divisor: count)
      return (Double(loss.value.scalar), tape.gradients(of: loss))
    }
    var sum = (loss: 0.0, gradients: Gradients())
    for part in parts {
      sum.loss += part.0
      sum.gradients.add(part.1)
    }
    return sum
  }
  // snippet.end

  private mutating func reinforce(_ report: inout StudentReport) throws(TrainingError) {
    guard let update = try zero?.takeUpdate() else { return }
    tokens = zero?.gradientTokens ?? tokens
    report.isOnPolicy = true
    report.accuracy = update.accuracy
    report.length = update.length
    report.gradientNorm = update.gradientNorm
    report.learningRate = Double(plan.zero.rate)
  }
}

extension LanguageModel {
  /// The logits of the positions of a batch that have a target.
  /// - Shape: → [targets, vocabulary]
  func responseLogits(of batch: Batch, on tape: Tape) -> Variable {
    let pass = Pass(Sequences(count: batch.sequences, length: batch.length), on: tape)
    let places = batch.targets.indices.filter { batch.targets[$0] >= 0 }
    return hidden(batch.inputs, in: pass).gathered(at: places)
      .matmul(tape[headWeight], transposing: .right)
  }
}
