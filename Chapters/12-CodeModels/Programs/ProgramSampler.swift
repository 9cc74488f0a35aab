import Tensors
import Text

/// Draws programs on one side of the split between training and examination.
///
/// Whole programs are held out, by a hash of the canonical form, and never single inputs: a
/// program that was seen with another input, or under other names, has been seen. Programs whose
/// result ignores the input are drawn again, since asking for their input is free.
/// Paper: CODEI/O §2 keeps functions with at least two different results.
public struct ProgramSampler: Sendable, Equatable {
  /// The numbers of statements, each equally likely.
  public let lengths: ClosedRange<Int>
  /// Whether registers are named by chance, rather than a, b, c, d in their order.
  public let shufflesNames: Bool

  /// Creates a sampler.
  public init(lengths: ClosedRange<Int>, shufflesNames: Bool = false) {
    insist(
      lengths.lowerBound > 0, "ProgramSampler: \(lengths) begins below a single statement")
    self.lengths = lengths
    self.shufflesNames = shufflesNames
  }

  /// Draws a program.
  public func program(
    heldOut: Bool = false, using generator: inout some RandomNumberGenerator
  ) -> Program {
    for _ in 0..<Self.patience {
      if let program = candidate(heldOut: heldOut, using: &generator) { return program }
    }
    insist(false, "ProgramSampler: no program of \(lengths) statements is on this side")
    return candidate(using: &generator)
  }

  /// Different programs of the examination's side, up to the names of registers.
  ///
  /// The set depends on the seed alone. There are fewer if the lengths have fewer.
  public func heldOut(_ count: Int, seed: UInt64) -> [Program] {
    var generator = SplitMix64(seed: seed)
    var seen: Set<Program> = []
    var programs: [Program] = []
    var misses = 0
    while programs.count < count, misses < Self.patience {
      misses += 1
      guard let program = candidate(heldOut: true, using: &generator),
        seen.insert(program.canonical).inserted
      else { continue }
      programs.append(program)
      misses = 0
    }
    return programs
  }

  /// How many draws in a row may be refused; one in about twenty is held out and hears its input.
  private static let patience = 4000

  /// Draws a program, whatever it does.
  private func candidate(using generator: inout some RandomNumberGenerator) -> Program {
    let count = lengths.lowerBound + Draw.below(lengths.count, using: &generator)
    let chosen = (0..<count).map { place in
      let list = Self.statements(at: place)
      return list[Draw.index(weights: list.map(\.weight), using: &generator)].statement
    }
    return Program(statements: chosen, result: Program.Register((count - 1) % 4))
  }

  /// Draws a program; nil if it ignores its input or is on the other side.
  private func candidate(
    heldOut: Bool, using generator: inout some RandomNumberGenerator
  ) -> Program? {
    let program = candidate(using: &generator)
    guard program.dependsOnInput, program.isHeldOut == heldOut else { return nil }
    return shufflesNames ? program.renamed(using: &generator) : program
  }

  /// The statements of the built-in corpus without their hardest products.
  ///
  /// A factor is 2 or 3: products of two numbers modulo 100 are a table of ten thousand entries,
  /// more than a small model learns in minutes.
  static func statements(at place: Int) -> [(weight: Int, statement: Program.Statement)] {
    ProgramSource.statements(at: place).filter { _, statement in
      statement.operation != .times || [.digit(2), .digit(3)].contains(statement.right)
    }
  }
}

extension Program {
  /// Whether the program is kept for examinations, under all its names.
  public var isHeldOut: Bool { TaskItem.output(of: self, x: 0).isHeldOut }

  /// The same program with its registers named by chance.
  func renamed(using generator: inout some RandomNumberGenerator) -> Program {
    let names = Draw.shuffled((0..<4).map { Register($0) }, using: &generator)
    func renamed(_ operand: Operand) -> Operand {
      guard case .register(let register) = operand else { return operand }
      return .register(names[register.number])
    }
    return Program(
      statements: statements.map {
        Statement(
          target: names[$0.target.number], left: renamed($0.left), operation: $0.operation,
          right: renamed($0.right))
      }, result: names[result.number])
  }
}
