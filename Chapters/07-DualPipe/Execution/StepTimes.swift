import Attention
import MTP
import Tensors
import Text

/// How long a machine takes for the gradient of one batch, by each way of dividing the work.
package struct StepTime: Sendable {
  /// How the work was divided.
  package let name: String
  /// The shortest of some runs.
  package let seconds: Double
}

/// A race between the ways to compute one gradient.
package struct StepRace {
  private let model: DeepSeekModel
  private let batch: Batch
  private let microBatches: Int
  private var entries: [(name: String, run: () throws -> Void)] = []

  /// Prepares a race; one thread that takes micro-batch after micro-batch runs in every one.
  package init(_ model: DeepSeekModel, _ batch: Batch, microBatches: Int) {
    self.model = model
    self.batch = batch
    self.microBatches = microBatches
    addShards(threads: 1)
  }

  /// Lets the trainer's own way take part: one shard for each micro-batch, on some threads.
  package mutating func addShards(threads: Int) {
    let (model, batch, parts) = (model, batch, batch.shards(microBatches))
    entries.append(
      (
        threads == 1 ? "one thread" : "shards on \(threads) threads",
        {
          Threads.with(threads) {
            let results = Threads.map(parts.count) { index in
              let pass = Pass(
                Sequences(parts[index]),
                on: Tape(),
                share: Float(parts[index].sequences) / Float(batch.sequences))
              let loss = model.loss(of: parts[index], in: pass, divisor: batch.targetCount)
              return pass.tape.gradients(of: pass.auxiliaryLosses.reduce(loss) { $0 + $1 })
            }
            var sum = Gradients()
            for result in results { sum.add(result) }
          }
        }
      ))
  }

  /// Lets a schedule take part.
  /// - Parameter cut: the blocks of each stage; an even cut, if nil.
  package mutating func add(_ schedule: PipelineSchedule, cut: [Int]? = nil) throws {
    let stages = try cut.map(model.stages(of:)) ?? model.stages(schedule.stages)
    let pipeline = try Pipeline(schedule, stages: stages)
    let batch = batch
    entries.append((schedule.name, { _ = try pipeline.run(batch).gradients }))
  }

  /// Runs all by turns, so that all meet the same machine, after one round to warm up.
  package func times(rounds: Int) throws -> [StepTime] {
    var best = [Double](repeating: .infinity, count: entries.count)
    for round in 0...rounds {
      for (index, entry) in entries.enumerated() {
        let time = try ContinuousClock().measure(entry.run)
        if round > 0 { best[index] = min(best[index], time / .seconds(1)) }
      }
    }
    return zip(entries, best).map { StepTime(name: $0.name, seconds: $1) }
  }
}
