import Attention
import Checkpoints
import MoE
import Tensors

extension Measure {
  /// A layer of 64 experts, 6 of them active, against a dense layer with the same active width.
  ///
  /// Forward and backward over 2048 tokens, with the weights packed anew as after an optimizer's
  /// step. Both run on one thread, as each shard of a training does.
  static var mixture: Measure {
    Measure(name: "moe/64x6", threads: 1) { peak in
      let (width, hidden, tokens) = (256, 128, 2048)
      let sizes = ExpertSizes(
        count: 64, active: 6, shared: 0, width: hidden, scoring: .sigmoid, selection: .biased,
        normalizes: true)
      let configuration = DecoderConfiguration(
        family: .deepseekV3, vocabularySize: 1, width: width, feedForwardWidth: 6 * hidden,
        layers: 1, heads: 1, experts: sizes)
      var generator = SplitMix64(seed: 0)
      let mixture = MixtureOfExperts(configuration, using: &generator)
      let dense = SwiGLUFeedForward(
        width: width, hidden: 6 * hidden, deviation: 0.02, outputDeviation: 0.02,
        using: &generator)
      let x = Tensor.normal(shape: [tokens, width], using: &generator)
      let upstream = Tensor.normal(shape: [tokens, width], using: &generator)
      // By turns, so that both meet the same disturbances.
      var (seconds, denseSeconds) = (Double.infinity, Double.infinity)
      for _ in 0..<4 {
        seconds = min(seconds, Self.seconds(of: mixture, x, upstream))
        denseSeconds = min(denseSeconds, Self.seconds(of: dense, x, upstream))
      }
      let flops = 18 * Double(tokens * width * hidden * 6)
      let speed = flops / seconds * 1e-9
      return Row(
        name: "moe/64x6", threads: 1,
        numbers: [
          ("gflops", speed), ("share_of_peak", speed / peak),
          ("times_dense", seconds / denseSeconds),
        ])
    }
  }

  /// The time of one trip through a layer and back.
  private static func seconds(
    of layer: any FeedForward, _ x: Tensor, _ upstream: Tensor
  ) -> Double {
    Stopwatch.best(within: 0.3, atLeast: 2) {
      for parameter in layer.parameters { parameter.value = parameter.value }
      let pass = Pass(Sequences(count: 1, length: x.rows), on: Tape())
      let rows = pass.tape.variable(x)
      let loss = (layer(rows, in: pass) * pass.tape.constant(upstream)).sum()
      let gradients = pass.tape.gradients(of: loss)
      insist(gradients[rows] != nil, "moe: the rows must have a gradient")
    }
  }
}
