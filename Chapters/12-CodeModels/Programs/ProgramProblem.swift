import Tensors
import Text

/// A question about a program, with a worked answer.
public struct ProgramProblem: Sendable, Equatable {
  /// What is asked.
  public enum Task: String, CaseIterable, Sendable, Codable {
    /// `out a=x+3;b=a*2;rb x=4`: what comes out? Worked by running it, statement by statement.
    case output = "out"
    /// `in a=x+3;b=a*2;rb o=14`: what was put in? Worked by trying 0, 1, 2 …
    case input = "in"
    /// `fix a=x+3;b=a*3;rb 0>6;4>14;7>20`: which program does this? One place is wrong.
    case repair = "fix"
    /// `say a=x+3;b=a*2;rb x=4`: what happens, in words?
    case explanation = "say"
  }

  /// What is asked.
  public let task: Task
  /// The program that behaves as wanted.
  public let program: Program
  /// The program that is shown: the same, but for a repair.
  public let shown: Program
  /// The inputs that the question shows or asks for; several for a repair, else one.
  public let inputs: [Int]

  /// Asks for the result of a program, for an input, or for an explanation.
  public init(_ task: Task, of program: Program, x: Int) {
    insist(task != .repair, "ProgramProblem: a repair needs a broken program")
    (self.task, self.program, shown, inputs) = (task, program, program, [x])
  }

  /// Asks for a repair, with examples of what the program should do.
  public init(repairing broken: Program, into program: Program, examples: [Int]) {
    insist(!examples.isEmpty, "ProgramProblem: without examples nobody knows what is wanted")
    (task, self.program, shown, inputs) = (.repair, program, broken, examples)
  }

  /// The question as a model reads it.
  public var prompt: String {
    let head = "\(task.rawValue) \(shown) "
    switch task {
    case .output, .explanation: return head + "x=\(inputs[0])"
    case .input: return head + "o=\(program.run(x: inputs[0]))"
    case .repair:
      return head + inputs.map { "\($0)>\(program.run(x: $0))" }.joined(separator: ";")
    }
  }

  // snippet.steps
  /// The way to the answer, as the interpreter knows it; an explanation is its own way.
  public var steps: String? {
    switch task {
    case .output: program.trace(x: inputs[0])
    case .input: search.map { Self.attempt($0, of: program) }.joined(separator: ";")
    case .repair:
      zip(shown.statements, program.statements).first { $0 != $1 }.map { "\($0)>\($1)" }
    case .explanation: nil
    }
  }
  // snippet.end

  /// One right answer; for an input the smallest that works.
  public var answer: String {
    switch task {
    case .output: "\(program.run(x: inputs[0]))"
    case .input: "\(search.last ?? inputs[0])"
    case .repair: "\(program)"
    case .explanation: Explanation(of: program, x: inputs[0]).text
    }
  }

  /// 0, 1, 2 … up to the first input that gives the wanted result.
  private var search: [Int] {
    let wanted = program.run(x: inputs[0])
    let found = (0..<inputs[0]).first { program.run(x: $0) == wanted } ?? inputs[0]
    return Array(0...found)
  }

  /// An input with the value of each statement: `4:7,14`.
  private static func attempt(_ x: Int, of program: Program) -> String {
    "\(x):" + program.steps(x: x).map { "\($0.value)" }.joined(separator: ",")
  }
}

extension ProgramProblem {
  /// The examples that a repair shows.
  public static let exampleCount = 3

  /// Draws a question about a fresh program.
  public static func drawn(
    _ task: Task, from sampler: ProgramSampler, heldOut: Bool = false,
    using generator: inout some RandomNumberGenerator
  ) -> ProgramProblem {
    while true {
      let program = sampler.program(heldOut: heldOut, using: &generator)
      if let problem = drawn(task, about: program, using: &generator) { return problem }
    }
  }

  /// Draws a question about a program; nil if it should be a repair and no bug was found.
  public static func drawn(
    _ task: Task, about program: Program, using generator: inout some RandomNumberGenerator
  ) -> ProgramProblem? {
    guard task == .repair else {
      return ProgramProblem(task, of: program, x: Draw.below(10, using: &generator))
    }
    guard let broken = program.withBug(using: &generator) else { return nil }
    var inputs = Array(Program.trialInputs)
    for place in 0..<exampleCount {
      inputs.swapAt(place, place + Draw.below(inputs.count - place, using: &generator))
    }
    // One of the examples must show the bug; the first place is given to an input that does.
    let telling = inputs.firstIndex { broken.run(x: $0) != program.run(x: $0) }
    if let telling, telling >= exampleCount { inputs.swapAt(0, telling) }
    return ProgramProblem(
      repairing: broken, into: program, examples: inputs.prefix(exampleCount).sorted())
  }
}
