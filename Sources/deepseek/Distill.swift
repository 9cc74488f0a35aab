import CommandLine
import Distillation
import Foundation
import Tensors

/// `deepseek distill`: from a teacher that thinks to a small dense student that does too.
struct Distill: Command {
  static let name = "distill"
  static let overview =
    "Teach a small dense student what a reasoning teacher knows; what is missing of the two is trained first."

  var teacher: URL?
  var student = Student.standard.name
  var method: DistillationPlan.Method?
  var out: URL?
  var resume: URL?
  var tokens: Int?
  var minutes: Double?
  var samples: Int?
  var sequences: Int?
  var rate: Double?
  var onPolicy: Double?
  var beta: Double?
  var temperature: Double?
  var patience: Int?
  var studentSteps: Int?
  var teacherSteps: Int?
  var teacherUpdates: Int?
  var problems = 500
  var seed: UInt64?
  var threads: Int?
  var json = false

  static var inputs: [Input<Self>] {
    let plan = DistillationPlan()
    return [
      .option(
        "teacher", \.teacher, placeholder: "dir",
        "The model that teaches. (default: a new one, trained as by reason)"),
      .option(
        "student", \.student, placeholder: "name|dir",
        "One of \(Student.all.map(\.name).joined(separator: ", ")), whose base is trained first, or the directory of a base."
      ),
      .option(
        "method", \.method, placeholder: "method",
        "What the student learns from: text, distributions, or rewards alone. (default: \(plan.method.rawValue))"
      ),
      .option(
        "out", \.out, placeholder: "dir",
        "The directory to write; the best student is in best below it. (default: a new one in runs)"
      ),
      .option("resume", \.resume, placeholder: "dir", "Continue the run of a directory."),
      .option(
        "tokens", \.tokens, placeholder: "n", rule: .within(1...1_000_000_000),
        "The most tokens that give the student a gradient. (default: \(plan.tokens))"),
      .option(
        "minutes", \.minutes, placeholder: "m", rule: .within(0.01...100_000),
        "Stop the student's steps after about so long."),
      .option(
        "samples", \.samples, placeholder: "n", rule: .within(1...1_000_000),
        "The right responses of the teacher to learn from. (default: \(plan.samples.count))"),
      .option(
        "sequences", \.sequences, placeholder: "n", rule: .within(2...65_536),
        "The texts of a step; reinforcement asks half as many questions. (default: \(plan.sequences))"
      ),
      .option(
        "rate", \.rate, placeholder: "r", rule: .above(0),
        "The learning rate; reinforcement takes three tenths of it. (default: a tenth of the base's)"
      ),
      .option(
        "on-policy", \.onPolicy, placeholder: "l", rule: .within(0...1),
        "The share of on-policy steps whose text the student writes. (default: \(plan.onPolicyShare))"
      ),
      .option(
        "beta", \.beta, placeholder: "b", rule: .within(0.001...0.999),
        "The teacher's part in the mixture of on-policy steps. (default: \(plan.beta))"),
      .option(
        "temperature", \.temperature, placeholder: "t", rule: .within(0.1...100),
        "What both models' logits are divided by. (default: \(Int(plan.temperature)))"),
      .option(
        "patience", \.patience, placeholder: "n", rule: .within(0...1_000_000),
        "The looks without a better student that end a run; 0 never. (default: \(plan.patience))"
      ),
      .option(
        "student-steps", \.studentSteps, placeholder: "n", rule: .within(1...10_000_000),
        "The steps of the student's base. (default: \(Student.standard.plan().steps))"),
      .option(
        "teacher-steps", \.teacherSteps, placeholder: "n", rule: .within(1...10_000_000),
        "The steps of a new teacher's base. (default: those of reason)"),
      .option(
        "teacher-updates", \.teacherUpdates, placeholder: "n", rule: .within(1...1_000_000),
        "The updates of a new teacher. (default: those of reason)"),
      .option(
        "problems", \.problems, placeholder: "n", rule: .within(10...10_000),
        "The held-out problems of each kind, before and after."),
      .option(
        "seed", \.seed, placeholder: "n",
        "The seed of both models, texts and samples. (default: 0)"),
      .option(
        "threads", \.threads, placeholder: "n", rule: .within(1...256),
        "How many threads work; the result does not depend on it. (default: all cores)"),
      .flag("json", \.json, "Print the result as JSON."),
    ]
  }

  func validate() throws {
    if teacher != nil, teacherSteps != nil || teacherUpdates != nil {
      throw UsageError(
        "--teacher-steps and --teacher-updates cannot be given with --teacher: it is trained already."
      )
    }
    let ways = [("on-policy", onPolicy), ("beta", beta)].filter { $0.1 != nil }
    if resume == nil, method != .onPolicy, let given = ways.first?.0 {
      throw UsageError("--\(given) goes only with the method on-policy.")
    }
    guard resume != nil else { return }
    let fixed: [(String, Bool)] = [
      ("teacher", teacher != nil), ("student", student != Student.standard.name),
      ("method", method != nil), ("out", out != nil), ("samples", samples != nil),
      ("sequences", sequences != nil), ("rate", rate != nil), ("on-policy", onPolicy != nil),
      ("beta", beta != nil), ("temperature", temperature != nil),
      ("patience", patience != nil), ("student-steps", studentSteps != nil),
      ("teacher-steps", teacherSteps != nil), ("teacher-updates", teacherUpdates != nil),
      ("seed", seed != nil),
    ]
    if let given = fixed.first(where: \.1)?.0 {
      throw UsageError("--\(given) cannot be given with --resume: the run has decided it.")
    }
  }

  /// The plan that the options describe.
  var plan: DistillationPlan {
    var plan = DistillationPlan()
    plan.method = method ?? plan.method
    plan.tokens = tokens ?? plan.tokens
    plan.sequences = sequences ?? plan.sequences
    plan.rate =
      rate.map { Float($0) } ?? Student.named(student).map { $0.rate / 10 } ?? plan.rate
    plan.onPolicyShare = onPolicy ?? plan.onPolicyShare
    plan.beta = beta ?? plan.beta
    plan.temperature = temperature ?? plan.temperature
    plan.patience = patience ?? plan.patience
    plan.samples.count = samples ?? plan.samples.count
    plan.seed = seed ?? 0
    return plan
  }

  func run() throws {
    try Threads.with(threads ?? Threads.count) {
      Interrupt.listen()
      var run = try DistillRun(self)
      try run.learn()
      let summary = try run.summary()
      Console.print(json ? summary.json.text(isIndented: false) : summary.text)
    }
  }
}

extension DistillationPlan.Method: ArgumentValue {}
