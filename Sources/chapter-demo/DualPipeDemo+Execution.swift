import Attention
import Checkpoints
import CommandLine
import DualPipe
import Figures
import Foundation
import MTP
import Tensors
import Text

extension DualPipeDemo {
  /// Follows schedules on threads and compares the gradients with those of a plain run.
  mutating func executeOnThreads() throws {
    try compareIntegers()
    try compareModel()
    reportDeadlock()
    try measureTime()
  }

  /// With small integers every sum is exact, so gradients agree to the bit or are wrong.
  private mutating func compareIntegers() throws {
    Console.print("8 stages of small integers on threads: gradients beside those of one rank")
    let stack = IntegerStack(stages: 8)
    let batch = tokens(sequences: 24, length: 6, below: 11, branch: 1)
    let plain = try Pipeline(
      .interleaved(ranks: 1, microBatches: 24, chunks: 8), stages: stack.stages
    ).run(batch)
    var agreeing: [String] = []
    for method in PipelineMethod.allCases {
      let ranks = [.interleaved, .dualPipeV].contains(method) ? 4 : 8
      let found = try Pipeline(
        method.schedule(ranks: ranks, microBatches: 24), stages: stack.stages
      ).run(batch)
      let isEqual = ([stack.embedding] + stack.weights).allSatisfy {
        found.gradients[$0] == plain.gradients[$0]
      }
      if isEqual { agreeing.append(method.title) }
      note("integers.\(method.rawValue).is-equal", isEqual ? 1 : 0)
    }
    report("equal to the bit", agreeing.joined(separator: ", "))
    note("integers.equal", agreeing.count)
    note("integers.schedules", PipelineMethod.allCases.count)
    Console.print()
  }

  /// A small V3 with floating-point numbers, whose sums depend on the order a little.
  private mutating func compareModel() throws {
    var sizes = NamedConfiguration.tinyV3.model
    sizes.layers = 4
    let model = DeepSeekModel(sizes, seed: seed)
    let batch = tokens(sequences: 8, length: 32, below: sizes.vocabularySize, branch: 2)
    let plain = Self.plain(model, batch)
    Console.print(
      "A small V3 in 4 stages, 8 micro-batches: beside the same model without a pipeline")
    for method in [PipelineMethod.oneForwardOneBackward, .zeroBubble, .dualPipe, .dualPipeV] {
      let ranks = method == .dualPipeV ? 2 : 4
      let schedule = try method.schedule(ranks: ranks, microBatches: 8)
      let run = { try Pipeline(schedule, stages: model.stages(4)).run(batch) }
      let (found, again) = (try run(), try run())
      let difference = Self.difference(found.gradients, plain.gradients, model)
      let repeats = Self.difference(found.gradients, again.gradients, model) == 0
      report(
        method.title,
        "loss off by \(Self.scientific(abs(found.loss - plain.loss))), gradients by "
          + "\(Self.scientific(difference)) at most; run again: "
          + (repeats ? "the same bits" : "other bits"))
      let key = "threads.\(method.rawValue)"
      note("\(key).loss-difference", abs(found.loss - plain.loss))
      note("\(key).gradient-difference", difference)
      note("\(key).repeats", repeats ? 1 : 0)
      note("\(key).bytes-sent", found.traffic.joined().reduce(0, +))
      note("\(key).chunks", found.mostChunks.max() ?? 0)
      note("\(key).waiting", found.mostWaiting.max() ?? 0)
    }
    Console.print()
  }

  /// Gives the ranks of the upper half the phases of the lower half, and looks who waits for whom.
  private mutating func reportDeadlock() {
    Console.print("DualPipe on 4 ranks, if the upper half forgets to swap its phases")
    do {
      let whole = try PipelineSchedule.dualPipe(ranks: 4, microBatches: 8)
      let broken = Self.withoutSwap(whole)
      for fault in broken.faults { tell("on paper", "\(fault)") }
      note("deadlock.faults", broken.faults.count)
      let batch = tokens(sequences: 8, length: 2, below: 11, branch: 3)
      _ = try Pipeline(broken, stages: IntegerStack(stages: 4).stages).run(batch)
      report("on threads", "it ran")
    } catch {
      tell("on threads", "\(error)")
    }
    Console.print()
  }

  /// Prints who waits for whom, a line for each.
  private func tell(_ name: String, _ sentence: String) {
    for (index, clause) in sentence.split(separator: "; ").enumerated() {
      report(index == 0 ? name : "", String(clause))
    }
  }

  /// The schedule in which the ranks of the upper half take the two ways in the wrong order.
  private static func withoutSwap(_ schedule: PipelineSchedule) -> PipelineSchedule {
    let (ranks, count) = (schedule.ranks, schedule.microBatches)
    func swapped(_ chunk: Chunk) -> Chunk {
      Chunk(
        stage: ranks - 1 - chunk.stage, microBatch: (chunk.microBatch + count / 2) % count)
    }
    let plan = schedule.plan.enumerated().map { rank, operations in
      rank < ranks / 2
        ? operations
        : operations.map { operation -> DualPipe.Operation in
          switch operation {
          case .forward(let chunk): .forward(swapped(chunk))
          case .backward(let chunk): .backward(swapped(chunk))
          case .inputs(let chunk): .inputs(swapped(chunk))
          case .weights(let chunk): .weights(swapped(chunk))
          case .pair(let forward, let backward):
            .pair(forward: swapped(forward), backward: swapped(backward))
          }
        }
    }
    return PipelineSchedule(name: schedule.name, placement: schedule.placement, plan: plan)
  }

  /// The clock on this machine, which has fewer cores than a pipeline wants.
  private mutating func measureTime() throws {
    var sizes = NamedConfiguration.stories.model
    sizes.layers = 4
    let model = DeepSeekModel(sizes, seed: seed)
    let batch = tokens(sequences: 8, length: 64, below: sizes.vocabularySize, branch: 4)
    let cores = ProcessInfo.processInfo.activeProcessorCount
    Console.print("The gradient of 512 tokens on this machine's \(cores) cores")
    var race = StepRace(model, batch, microBatches: 8)
    race.addShards(threads: 2)
    for ranks in [2, 4] {
      try race.add(.oneForwardOneBackward(ranks: ranks, microBatches: 8))
      try race.add(.dualPipe(ranks: ranks, microBatches: 8))
    }
    let keys = ["plain", "shards", "1f1b-2", "dualpipe-2", "1f1b-4", "dualpipe-4"]
    let times = try race.times(rounds: 3)
    note("clock.cores", cores)
    for (key, time) in zip(keys, times) {
      let gain = times[0].seconds / time.seconds
      let ranks = key.hasSuffix("-2") ? ", 2 ranks" : key.hasSuffix("-4") ? ", 4 ranks" : ""
      report(
        time.name + ranks,
        "\(Self.digits(1000 * time.seconds, 0)) ms, \(Self.digits(gain, 2))×")
      note("clock.\(key).milliseconds", 1000 * time.seconds)
      note("clock.\(key).gain", gain)
    }
    Console.print()
  }

  // MARK: Comparing

  private func tokens(sequences: Int, length: Int, below count: Int, branch: UInt64) -> Batch {
    var generator = SplitMix64(seed: seed).branch(branch)
    let ids = (0..<sequences * (length + 1)).map { _ in
      Int(generator.next() % UInt64(count))
    }
    func row(_ sequence: Int, _ shift: Int) -> ArraySlice<Int> {
      let start = sequence * (length + 1) + shift
      return ids[start..<start + length]
    }
    return Batch(
      inputs: (0..<sequences).flatMap { row($0, 0) },
      targets: (0..<sequences).flatMap { row($0, 1) }, sequences: sequences, length: length)
  }

  /// The loss and the gradients of a batch in one piece.
  private static func plain(
    _ model: DeepSeekModel, _ batch: Batch
  ) -> (loss: Double, gradients: Gradients) {
    let pass = Pass(Sequences(count: batch.sequences, length: batch.length), on: Tape())
    let loss = model.loss(of: batch, in: pass, divisor: batch.targetCount)
    let objective = pass.auxiliaryLosses.reduce(loss) { $0 + $1 }
    return (Double(loss.value.scalar), pass.tape.gradients(of: objective))
  }

  /// The largest difference of a weight's gradients, relative to the largest number in it.
  private static func difference(
    _ a: Gradients, _ b: Gradients, _ model: DeepSeekModel
  ) -> Double {
    model.namedParameters.reduce(0) { worst, entry in
      guard let one = a[entry.parameter], let two = b[entry.parameter] else { return worst }
      let size = two.scalars.reduce(0) { max($0, abs($1)) }
      let most = zip(one.scalars, two.scalars).reduce(0) { max($0, abs($1.0 - $1.1)) }
      return size > 0 ? max(worst, Double(most / size)) : worst
    }
  }

  private static func scientific(_ value: Double) -> String { String(format: "%.1e", value) }
}
