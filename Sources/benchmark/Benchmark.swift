import Checkpoints
import CommandLine
import Foundation
import Tensors

/// `benchmark`: how fast the kernels, training and decoding are on this machine.
struct Benchmark: Command {
  static let name = "benchmark"
  static let overview =
    "Measure kernels, training and decoding, beside what the processor can do."

  var only = ""
  var peer: URL?
  var threads: Int?
  var json = false

  static var inputs: [Input<Self>] {
    [
      .option(
        "only", \.only, placeholder: "prefix",
        "Measure only the rows of this name, or those that begin so."),
      .option(
        "peer", \.peer, placeholder: "file",
        "Lines of JSON that other programs printed, to compare with."),
      .option(
        "threads", \.threads, placeholder: "n", rule: .within(1...256),
        "How many threads training uses. (default: all cores)"),
      .flag("json", \.json, "Print the result as JSON."),
    ]
  }

  func run() throws {
    let peers = try peer.map(Peers.init(reading:)) ?? Peers()
    let threads = threads ?? Threads.count
    let peak = Peak.gigaflopsPerCore()
    let all = Measure.all(threads: threads)
    let named = all.filter { $0.name == only }
    let measurements = named.isEmpty ? all.filter { $0.name.hasPrefix(only) } : named
    guard !measurements.isEmpty else {
      let names = Set(all.map(\.name)).sorted()
      throw UsageError(
        "No row begins with '\(only)'; there are \(names.joined(separator: ", ")).")
    }
    if !json { Console.print(Row.title(peak: peak, threads: threads)) }
    var rows: [Row] = []
    for measurement in measurements {
      let needsOther = measurement.countsMemory && measurements.count > 1
      var row =
        needsOther
        ? try Row(measuredByOther: measurement.name, threads: measurement.threads)
        : try Threads.with(measurement.threads) { try measurement.run(peak) }
      peers.complete(&row)
      rows.append(row)
      if !json { Console.print(row.text) }
    }
    guard json else { return }
    let result: JSONValue = [
      "peak_gflops_per_core": .number(peak), "threads": .integer(threads),
      "rows": .array(rows.map(\.json)),
    ]
    Console.print(result.text())
  }
}
