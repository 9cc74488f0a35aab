import Tensors

/// One trip through a model: what its layers share, and what they leave for the end.
public final class Pass {
  /// Where the operations are recorded.
  public let tape: Tape
  /// The layout of the rows.
  public let sequences: Sequences
  /// The part of a batch that these rows are; what a layer adds for its rows' mean is times this.
  public let share: Float
  /// Losses that layers add to the model's own, such as a router's balance loss.
  public private(set) var auxiliaryLosses: [Variable] = []
  /// What layers saw and somebody may want to know.
  public private(set) var observations = Observations()
  private let coefficients: Coefficients
  private let trunk: Pass?
  private var rotaryTables: [RotaryEmbedding: RotaryTable] = [:]

  /// Begins a trip.
  public init(
    _ sequences: Sequences, on tape: Tape, share: Float = 1,
    coefficients: Coefficients = Coefficients()
  ) {
    self.sequences = sequences
    self.tape = tape
    self.share = share
    self.coefficients = coefficients
    trunk = nil
  }

  private init(_ sequences: Sequences, asBranchOf trunk: Pass) {
    self.sequences = sequences
    tape = trunk.tape
    share = trunk.share
    coefficients = trunk.coefficients
    self.trunk = trunk
  }

  /// Begins a side trip over other rows of the same sequences; what its layers leave is left here.
  public func branch(over sequences: Sequences) -> Pass {
    Pass(sequences, asBranchOf: self)
  }

  /// The angles of the rows, computed once and used by every layer that turns alike.
  public func table(_ rotary: RotaryEmbedding) -> RotaryTable {
    if let known = rotaryTables[rotary] { return known }
    let table = rotary.table(sequences.positions)
    rotaryTables[rotary] = table
    return table
  }

  /// What a coefficient is worth at this step.
  public subscript(coefficient: Coefficient) -> Float { coefficients[coefficient] }

  /// Leaves a loss to be added at the end.
  public func add(auxiliaryLoss loss: Variable) {
    if let trunk { trunk.add(auxiliaryLoss: loss) } else { auxiliaryLosses.append(loss) }
  }

  /// Tells how many rows a router sent to each of its experts.
  public func observe(load: [Int], of router: Parameter) {
    if let trunk {
      trunk.observe(load: load, of: router)
    } else {
      observations.add(load: load, of: router)
    }
  }

  /// Tells a number; the numbers of the parts of a batch are summed.
  public func observe(_ name: String, _ number: Double) {
    if let trunk { trunk.observe(name, number) } else { observations.add(number, to: name) }
  }
}
