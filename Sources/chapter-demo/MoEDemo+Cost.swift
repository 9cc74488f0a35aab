import Attention
import Checkpoints
import CommandLine
import Figures
import Foundation
import MoE
import Tensors

extension MoEDemo {
  /// Takes 2048 tokens through feed-forward layers and back, and counts seconds and weights.
  mutating func measureCost() {
    Console.print("2048 tokens through one feed-forward layer of width 256, and back")
    let (width, grain) = (256, 128)
    let sizes = ExpertSizes(
      count: 64, active: 6, shared: 0, width: grain, scoring: .sigmoid, selection: .biased,
      normalizes: true)
    let configuration = DecoderConfiguration(
      family: .deepseekV3, vocabularySize: 1, width: width, feedForwardWidth: 6 * grain,
      layers: 1, heads: 1, experts: sizes)
    var generator = SplitMix64(seed: seed)
    let layers: [(key: String, name: String, layer: any FeedForward)] = [
      (
        "narrow", "dense, 768 wide",
        SwiGLUFeedForward(configuration, using: &generator)
      ),
      (
        "mixture", "64 experts, 6 active",
        MixtureOfExperts(configuration, using: &generator)
      ),
      (
        "wide", "dense, 8192 wide",
        SwiGLUFeedForward(configuration, hidden: 64 * grain, using: &generator)
      ),
    ]
    let x = Tensor.normal(shape: [2048, width], using: &generator)
    var seconds = [Double](repeating: .infinity, count: layers.count)
    // By turns, so that all meet the same disturbances.
    for _ in 0..<3 {
      for (index, entry) in layers.enumerated() {
        seconds[index] = min(seconds[index], Self.seconds(through: entry.layer, x))
      }
    }
    for (index, entry) in layers.enumerated() {
      let weights = entry.layer.parameters.reduce(0) { $0 + $1.value.count }
      report(
        entry.name,
        "\(weights) weights, \(Self.digits(seconds[index] * 1000, 1)) ms, "
          + "\(Self.digits(seconds[index] / seconds[0], 2)) times the first")
      note("cost.\(entry.key).weights", weights)
      note("cost.\(entry.key).milliseconds", seconds[index] * 1000)
      note("cost.\(entry.key).times", seconds[index] / seconds[0])
    }
    Console.print()
    draw(
      "cost",
      BarChart(
        title: "Eleven times the weights, hardly more time",
        description:
          "Milliseconds for 2048 tokens forward and backward. A mixture of 64 experts with 6 active "
          + "has as many weights as the wide dense layer and takes about as long as the narrow one.",
        valueLabel: "milliseconds", groups: layers.map(\.name),
        series: [
          .init("forward and backward, one thread", seconds.map { $0 * 1000 }, ink: .expert)
        ]))
  }

  /// The time of one trip through a layer and back on one thread, with weights as after a step.
  private static func seconds(through layer: any FeedForward, _ x: Tensor) -> Double {
    for parameter in layer.parameters { parameter.value = parameter.value }
    let time = Threads.with(1) {
      ContinuousClock().measure {
        let pass = Pass(Sequences(count: 1, length: x.rows), on: Tape())
        let output = layer(pass.tape.variable(x), in: pass)
        _ = pass.tape.gradients(of: (output * output).sum())
      }
    }
    return time / .seconds(1)
  }
}
