import CommandLine
import DualPipe

/// The options of chapter 7's demonstration, as they are written: which schedule to show, for what.
struct PipelineOptions {
  var schedule: PipelineMethod?
  var ranks: Int?
  var microBatches: Int?
  var costs: [Double]?
  var isJSON = false

  /// The options that were given, as they are written.
  var given: [String] {
    [
      schedule == nil ? nil : "--schedule", ranks == nil ? nil : "--ranks",
      microBatches == nil ? nil : "--micro-batches", costs == nil ? nil : "--costs",
      isJSON ? "--json" : nil,
    ].compactMap { $0 }
  }

  /// What they ask for; nil if none was given, so that the whole demonstration is wanted.
  ///
  /// - Throws: `UsageError` when there is no such schedule for so many ranks and micro-batches.
  func request() throws(UsageError) -> PipelineRequest? {
    guard !given.isEmpty else { return nil }
    do {
      let schedule = try (schedule ?? .dualPipe).schedule(
        ranks: ranks ?? 8, microBatches: microBatches ?? 20)
      let costs = costs ?? [1, 2, 1, 3]
      return PipelineRequest(
        schedule: schedule,
        costs: Costs(
          forward: costs[0], backward: costs[1], weights: costs[2], pair: costs[3]),
        isJSON: isJSON)
    } catch {
      throw UsageError("\(error)")
    }
  }

  /// The rule of `--costs`.
  static var costRule: Rule<[Double]> {
    Rule("must be four numbers from 0 to 1000, the third, a part of the second, not above it") {
      costs in
      costs.count == 4 && costs.allSatisfy { (0...1000).contains($0) } && costs[2] <= costs[1]
    }
  }
}

extension PipelineMethod: ArgumentValue {}
