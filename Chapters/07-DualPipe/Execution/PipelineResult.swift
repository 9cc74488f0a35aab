import Attention
import Tensors

/// One of the copies of a stage: that for the micro-batches of one way.
public struct StageCopy: Sendable, Hashable {
  /// The stage.
  public let stage: Int
  /// The way.
  public let way: Int
}

/// What one rank has found.
struct RankReport: Sendable {
  /// The losses, and what layers add to them, of each chunk.
  private(set) var losses: [Chunk: Float] = [:]
  private(set) var auxiliaryLosses: [Chunk: [Float]] = [:]
  private(set) var observations: [Chunk: Observations] = [:]
  private(set) var gradients: [StageCopy: Gradients] = [:]
  private(set) var parameters: [Chunk: [Parameter]] = [:]
  /// The most trips that were under way at once.
  var mostTrips = 0
  /// The most halves that waited at once.
  var mostWaiting = 0

  mutating func note(_ trip: StageTrip, _ chunk: Chunk) {
    if trip.output.value.count == 1 { losses[chunk] = trip.output.value.scalar }
    auxiliaryLosses[chunk] = trip.auxiliaryLosses
    observations[chunk] = trip.observations
  }

  mutating func add(_ gradients: Gradients, of copy: StageCopy, _ chunk: Chunk) {
    self.gradients[copy, default: Gradients()].add(gradients)
    parameters[chunk] = gradients.parameters
  }
}

/// What a pipeline says about a batch.
public struct PipelineResult: Sendable {
  /// The share of each micro-batch in the batch's loss.
  public private(set) var losses: [Float] = []
  /// The loss of the batch with what layers add.
  public private(set) var objective = 0.0
  /// The gradients that each copy of each stage has collected, in the order in which they are added.
  public let copies: [(copy: StageCopy, gradients: Gradients)]
  /// What the layers saw.
  public private(set) var observations = Observations()
  /// The bytes sent from each rank to each.
  public let traffic: [[Int]]
  /// The parameters in the order in which a plain run would meet them, micro-batch by micro-batch.
  ///
  /// An expert whom the first tokens do not visit comes late. A norm is a sum in this order.
  private var order: [Parameter] = []
  /// For each rank, the most chunks that it kept for their backward pass.
  public let mostChunks: [Int]
  /// For each rank, the most chunks that waited for the gradient of their weights.
  public let mostWaiting: [Int]

  /// The gradient of the batch: stage by stage, the copies' gradients added.
  ///
  /// Added and not averaged: each copy has seen other micro-batches, and the loss is a sum over all
  /// of them.
  public var gradients: Gradients {
    let sum = copies.reduce(into: Gradients()) { $0.add($1.gradients) }
    return order.reduce(into: Gradients()) { $0[$1] = sum[$1] }
  }

  init(
    _ reports: [RankReport], of schedule: PipelineSchedule, traffic: [[Int]]
  ) throws(PipelineError) {
    self.traffic = traffic
    mostChunks = reports.map(\.mostTrips)
    mostWaiting = reports.map(\.mostWaiting)
    copies = Self.copies(reports, of: schedule)
    var met: Set<ObjectIdentifier> = []
    for microBatch in 0..<schedule.microBatches {
      var auxiliaryLosses: [Float] = []
      var seen = Observations()
      var loss: Float = 0
      for stage in 0..<schedule.stages {
        let chunk = Chunk(stage: stage, microBatch: microBatch)
        let report = reports[schedule.placement.rank(of: chunk)]
        guard let found = report.observations[chunk] else { throw .undone(chunk) }
        auxiliaryLosses += report.auxiliaryLosses[chunk] ?? []
        seen.add(found)
        loss = report.losses[chunk] ?? loss
        order += (report.parameters[chunk] ?? []).filter {
          met.insert(ObjectIdentifier($0)).inserted
        }
      }
      losses.append(loss)
      // In the order of a trip through the whole model, so that the sum has the same bits.
      objective += Double(auxiliaryLosses.reduce(loss, +))
      observations.add(seen)
    }
  }

  /// The copies by stage, and by way within a stage.
  private static func copies(
    _ reports: [RankReport], of schedule: PipelineSchedule
  ) -> [(copy: StageCopy, gradients: Gradients)] {
    (0..<schedule.stages).flatMap { stage in
      schedule.placement.routes.indices.compactMap { way in
        let copy = StageCopy(stage: stage, way: way)
        let report = reports[schedule.placement.routes[way][stage]]
        return report.gradients[copy].map { (copy, $0) }
      }
    }
  }
}

extension PipelineResult {
  /// The loss of the batch.
  public var loss: Double { losses.reduce(0) { $0 + Double($1) } }
}
