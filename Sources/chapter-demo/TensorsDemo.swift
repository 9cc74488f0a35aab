import CommandLine
import Figures
import Foundation
import Tensors

extension Topic {
  static var tensors: Topic {
    let summary = "memory, fast products, a tape, optimizers"
    return Topic(name: "tensors", chapter: 1, summary: summary, seconds: 12) { stage in
      var demo = TensorsDemo(seed: stage.seed)
      demo.run()
      if let folder = stage.figures { try demo.write(to: folder) }
    }
  }
}

/// Chapter 1 in numbers: memory, the ladder of products, a tape by hand, optimizers, equal bits.
struct TensorsDemo: Demonstration {
  static let name = "01-tensors"
  static let margin = 0

  /// Decides weights, data and problems.
  let seed: UInt64
  var findings = Findings()

  init(seed: UInt64 = 0) { self.seed = seed }

  /// Runs every part.
  mutating func run() {
    trainOneStep()
    keepMemory()
    climbLadder()
    differentiateByHand()
    compareOptimizers()
    workAdamWByHand()
    levelSingularValues()
    drawSchedule()
    compareBits()
  }

  /// The shortest of several times, in seconds.
  func seconds(bestOf tries: Int, _ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    return (0..<tries).map { _ in clock.measure(body) / .seconds(1) }.min() ?? .nan
  }

  func fixed(_ value: Double, _ digits: Int, width: Int = 0) -> String {
    let text = String(format: "%.\(digits)f", value)
    return String(repeating: " ", count: max(0, width - text.count)) + text
  }

  func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

// MARK: One step of training

extension TensorsDemo {
  /// Trains the feed-forward half of a small transformer for one step, in two ways.
  private mutating func trainOneStep() {
    let network = FeedForwardStack(seed: seed &+ 1)
    let batch = FeedForwardStack.batch(rows: 768, seed: seed &+ 2)
    var losses: [Float] = []
    func step(_ products: any MatrixProduct) -> () -> Void {
      {
        let tape = Tape(products: products)
        let loss = network.loss(of: batch, on: tape)
        losses.append(loss.value.scalar)
        _ = tape.gradients(of: loss)
      }
    }
    let textbook = seconds(bestOf: 1, step(TextbookProducts()))
    let ours = seconds(bestOf: 10, step(SinglePrecision()))
    note("step.weights", Double(network.parameterCount))
    note("step.textbook-seconds", textbook)
    note("step.ours-ms", ours * 1000)
    note("step.ratio", textbook / ours)
    Console.print("One training step: \(network.parameterCount) weights, 768 tokens")
    Console.print("  textbook loops  \(fixed(textbook * 1000, 1, width: 8)) ms")
    Console.print("  ours            \(fixed(ours * 1000, 1, width: 8)) ms")
    let isSame = abs(losses[0] - losses[1]) < 1e-4
    Console.print(
      "  the same loss   \(fixed(Double(losses[1]), 4, width: 8)) \(isSame ? "yes" : "no")")
  }
}

// MARK: Memory

extension TensorsDemo {
  /// Fills a hundred blocks of two megabytes, frees them, and fills them again.
  private mutating func keepMemory() {
    let count = 512 * 1024
    let returned = seconds(bestOf: 5) {
      let arrays = (0..<100).map { _ in [Float](repeating: 1, count: count) }
      withExtendedLifetime(arrays) {}
    }
    let kept = seconds(bestOf: 6) {
      let tensors = (0..<100).map { _ in Tensor(repeating: 1, shape: [count]) }
      withExtendedLifetime(tensors) {}
    }
    note("memory.returned-ms", returned * 1000)
    note("memory.kept-ms", kept * 1000)
    note("memory.ratio", returned / kept)
    Console.print("\nA hundred blocks of 2 MB, filled and freed")
    Console.print(
      "  as [Float], which hands them back  \(fixed(returned * 1000, 1, width: 6)) ms")
    Console.print("  as Tensor, which keeps them        \(fixed(kept * 1000, 1, width: 6)) ms")
    draw(
      "memory",
      BarChart(
        title: "Filling a hundred blocks of 2 MB, again and again",
        description: "When freed memory goes back to the system, every page faults anew.",
        valueLabel: "milliseconds a round",
        groups: ["[Float]: handed back, asked for again", "Tensor: kept for the next one"],
        series: [.init("", [returned * 1000, kept * 1000], ink: .ours)],
        format: { String(format: "%.1f ms", $0) }))
  }
}

// MARK: The ladder

extension TensorsDemo {
  /// Multiplies two matrices of 512 × 512 on every rung.
  private mutating func climbLadder() {
    let peak = measuredPeak()
    note("peak", peak)
    Console.print("\nA product of 512 × 512 × 512, one core's peak: \(fixed(peak, 1)) GFLOP/s")
    var generator = SplitMix64(seed: seed &+ 3)
    let a = Tensor.normal(shape: [512, 512], using: &generator)
    let b = Tensor.normal(shape: [512, 512], using: &generator)
    var speeds: [Double] = []
    var names: [String] = []
    for rung in ProductLadder.allCases {
      let time = seconds(bestOf: rung == .naive ? 2 : rung == .threaded ? 600 : 60) {
        _ = rung.multiply(a, b)
      }
      let speed = 2 * 512.0 * 512 * 512 / time / 1e9
      let cores = rung == .threaded ? Double(min(Threads.count, 8)) : 1
      let share = speed / (peak * cores)
      note("ladder.\(rung)", speed)
      note("ladder.\(rung)-share", share)
      note("ladder.\(rung)-ms", time * 1000)
      speeds.append(speed)
      names.append(rung == .threaded ? "threaded, \(Int(cores)) cores" : "\(rung)")
      Console.print(
        "  \(padded("\(rung)", to: 10)) \(fixed(time * 1000, 2, width: 7)) ms "
          + "\(fixed(speed, 1, width: 6)) GFLOP/s \(fixed(share * 100, 0, width: 3))% of the peak"
          + (rung == .threaded ? " of \(Int(cores)) cores" : ""))
    }
    note("ladder.climb", speeds[speeds.count - 2] / speeds[0])
    note("ladder.whole-climb", speeds[speeds.count - 1] / speeds[0])
    draw(
      "ladder",
      BarChart(
        title: "One product, five programs: 512 × 512 × 512",
        description: "Each rung of the ladder is faster than the one before.",
        valueLabel: "GFLOP/s",
        groups: names + ["peak of one core"],
        series: [.init("", speeds + [peak], ink: .ours)],
        format: { String(format: "%.1f", $0) }))
  }

  private func measuredPeak() -> Double {
    let rounds = 200_000
    var sink: Float = 0
    let time = seconds(bestOf: 40) { sink += PeakKernel.run(rounds: rounds, factor: 0.5) }
    insist(sink.isFinite, "PeakKernel: the sums must come to rest")
    return Double(rounds * PeakKernel.operationsPerRound) / time / 1e9
  }
}

// MARK: The tape

extension TensorsDemo {
  /// The chapter's example: three weights, one of them behind a variable that is used twice.
  private mutating func differentiateByHand() {
    let tape = Tape()
    let w = tape.variable(Tensor([4, -1], shape: [2]))
    let v = tape.variable(Tensor(0.5))
    let x = tape.constant(Tensor([1, 2], shape: [2]))
    let s = (w * x).sum()
    let prediction = v * s + s
    let loss = (prediction - 1).squared()
    let operations = tape.operations
    let gradients = tape.gradients(of: loss)
    let (forW, forV) = (gradients[w]?.scalars ?? [], gradients[v]?.scalars ?? [])
    Console.print("\nA tape of \(operations.count): \(operations.joined(separator: ", "))")
    Console.print("  loss \(loss.value.scalar)   gradient of w \(forW)   of v \(forV)")
    note("tape.loss", Double(loss.value.scalar))
    draw(
      "tape", TapePicture.figure)
  }
}

// MARK: Equal bits

extension TensorsDemo {
  /// Trains a little on several numbers of threads and compares all bits of all weights.
  private mutating func compareBits() {
    Console.print("\nTwenty steps of training, then a fingerprint of all bits of all weights")
    for (offset, threads) in [(0, 1), (0, 2), (0, 3), (0, 8), (1, 8)] as [(UInt64, Int)] {
      let seed = seed &+ offset
      let print = Threads.with(threads) {
        FeedForwardStack.fingerprint(seed: seed, steps: 20)
      }
      Console.print(
        "  seed \(seed), \(threads) thread\(threads == 1 ? " " : "s")  "
          + String(format: "%016lx", print))
    }
    let tenths = [Float](repeating: 0.1, count: 1_000_000)
    let inOrder = tenths.reduce(0, +)
    let ours = Tape().constant(Tensor(tenths, shape: [1_000_000])).sum().value.scalar
    note("sum.in-order", Double(inOrder))
    note("sum.ours", Double(ours))
    Console.print("A million tenths: added one by one \(inOrder), in blocks \(ours)")
  }
}
