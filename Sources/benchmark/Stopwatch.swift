import Foundation
import Tensors

/// Times work by its best run, which is the one least disturbed.
enum Stopwatch {
  /// The seconds that a body takes at best, in as many runs as a time allows.
  static func best(within limit: Double = 0.6, atLeast runs: Int = 5, _ body: () -> Void)
    -> Double
  {
    let clock = ContinuousClock()
    body()
    var best = Double.infinity
    var (spent, count) = (0.0, 0)
    while spent < limit || count < runs {
      let seconds = clock.measure(body) / .seconds(1)
      best = min(best, seconds)
      spent += seconds
      count += 1
    }
    return best
  }
}

/// What one core can do when it waits for no memory.
enum Peak {
  /// Billions of operations a second, in fused multiply-adds of eight lanes.
  static func gigaflopsPerCore() -> Double {
    let rounds = 2_000_000
    var sink: Float = 0
    let seconds = Stopwatch.best(within: 0.3) {
      sink += PeakKernel.run(rounds: rounds, factor: 0.5)
    }
    insist(sink.isFinite, "PeakKernel: the sums must converge")
    return Double(rounds * PeakKernel.operationsPerRound) / seconds * 1e-9
  }
}

/// What the system counts for this process.
struct Usage {
  /// The most memory that was resident at once since the start, in bytes.
  let peakMemory: Int
  /// Pages that were touched for the first time, or came back.
  let pageFaults: Int

  static var now: Usage {
    var usage = rusage()
    #if os(Linux)
      getrusage(RUSAGE_SELF.rawValue, &usage)
      let unit = 1024  // Linux counts kilobytes, macOS bytes.
    #else
      getrusage(RUSAGE_SELF, &usage)
      let unit = 1
    #endif
    return Usage(
      peakMemory: Int(usage.ru_maxrss) * unit,
      pageFaults: Int(usage.ru_minflt) + Int(usage.ru_majflt))
  }
}
