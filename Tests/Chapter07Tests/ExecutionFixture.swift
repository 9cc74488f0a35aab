import Attention
import Checkpoints
import DualPipe
import Foundation
import MTP
import Tensors
import Text

/// What a batch says when nobody divides the work: the oracle of every pipeline.
struct PlainRun {
  var losses: [Float] = []
  var objective = 0.0
  var gradients = Gradients()
  var observations = Observations()

  /// A whole model, micro-batch after micro-batch.
  init(
    _ model: DeepSeekModel, _ batch: Batch, microBatches: Int,
    _ coefficients: Coefficients = Coefficients()
  ) {
    for part in batch.shards(microBatches) {
      let pass = Pass(
        Sequences(count: part.sequences, length: part.length), on: Tape(),
        share: Float(part.sequences) / Float(batch.sequences), coefficients: coefficients)
      add(model.loss(of: part, in: pass, divisor: batch.targetCount), pass)
    }
  }

  /// All layers of a stack on one tape.
  init(_ stack: IntegerStack, _ batch: Batch, microBatches: Int) {
    for part in batch.shards(microBatches) {
      let sequences = Sequences(count: part.sequences, length: part.length)
      let pass = Pass(sequences, on: Tape())
      let microBatch = MicroBatch(sequences: sequences, share: 1, divisor: 1, batch: part)
      var x: Variable?
      for stage in stack.stages { x = stage(x, of: microBatch, in: pass) }
      if let x { add(x, pass) }
    }
  }

  private mutating func add(_ loss: Variable, _ pass: Pass) {
    let whole = pass.auxiliaryLosses.reduce(loss) { $0 + $1 }
    losses.append(loss.value.scalar)
    objective += Double(whole.value.scalar)
    gradients.add(pass.tape.gradients(of: whole))
    observations.add(pass.observations)
  }
}

extension PipelineMethod {
  /// Ranks and micro-batches with which every method can do something.
  static let sizes = [(2, 4), (2, 8), (4, 8), (4, 12)]

  /// Whether each stage exists once, so that its sums have the order of the micro-batches.
  var keepsOrder: Bool { self != .chimera && self != .dualPipe }
}

extension Gradients {
  /// Whether two gradients have the same parameters and the same bits.
  func isSame(as other: Gradients) -> Bool {
    parameters.count == other.parameters.count
      && parameters.allSatisfy { self[$0] == other[$0] }
  }

  /// The worst 1 − 2⟨x, y⟩ / (‖x‖² + ‖y‖²) of all parameters: half the square of a relative error.
  func distance(to other: Gradients) -> Double {
    guard parameters.count == other.parameters.count else { return .infinity }
    return parameters.reduce(0) { worst, parameter in
      guard let x = self[parameter], let y = other[parameter] else { return .infinity }
      let pairs = zip(x.scalars, y.scalars).map { (Double($0), Double($1)) }
      // ‖x − y‖² is the same as the numerator without its cancellation.
      let above = pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      let below = pairs.reduce(0) { $0 + $1.0 * $1.0 + $1.1 * $1.1 }
      return max(worst, below > 0 ? above / below : 0)
    }
  }

  /// Whether every parameter has an entry that is not zero.
  var isAliveEverywhere: Bool {
    parameters.allSatisfy { self[$0]?.scalars.contains { $0 != 0 } == true }
  }
}

extension DecoderConfiguration {
  /// A tiny V3 of so many layers, whose balance losses weigh enough to be missed.
  static func tinyV3(layers: Int, predictors: Int = 1) -> DecoderConfiguration {
    var sizes = NamedConfiguration.tinyV3.model
    sizes.vocabularySize = 37
    sizes.layers = layers
    sizes.predictors = predictors
    sizes.initializerRange = 0.2
    sizes.experts?.balanceWeight = 0.05
    return sizes
  }
}

extension Batch {
  /// Random tokens; padding leaves every row another number of targets, and one row none.
  static func uneven(sequences: Int, length: Int = 6, below bound: Int) -> Batch {
    var generator = SplitMix64(seed: 3)
    let tokens = (0..<sequences * length * 2).map { _ in
      Int(generator.next() % UInt64(bound))
    }
    let targets = (0..<sequences * length).map { place in
      let (row, column) = place.quotientAndRemainder(dividingBy: length)
      let isPadding = row == 1 || column >= length - row % 3
      return isPadding ? ignored : tokens[sequences * length + place]
    }
    return Batch(
      inputs: Array(tokens[..<(sequences * length)]), targets: targets, sequences: sequences,
      length: length)
  }
}

/// An error for ranks that fail on purpose.
struct Outage: Error, CustomStringConvertible {
  var description: String { "the power is gone." }
}

/// The sentence with which something fails.
func complaint<Result>(_ body: () throws -> Result) -> String? {
  do {
    _ = try body()
    return nil
  } catch { return "\(error)" }
}

/// Runs a body with a folder of its own and removes the folder afterwards.
func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("dualpipe-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
