import Attention
import Checkpoints
import FP8
import Foundation
import MTP
import Tensors
import Text

/// Something that can be measured, and how.
struct Measure {
  let name: String
  let threads: Int
  /// Whether it tells the peak of memory, and so wants a process of its own.
  var countsMemory = false
  let run: (_ peak: Double) throws -> Row

  /// Every row, in the order of the output.
  static func all(threads: Int) -> [Measure] {
    let sizes = [256, 512, 1024]
    let products = sizes.flatMap { size in
      [1, 2].map { matrixProduct(size, threads: $0) }
    }
    let (small, v3) = (NamedConfiguration.small, NamedConfiguration.smallV3)
    let stories = NamedConfiguration.stories
    let eightBits = sizes.flatMap { size in
      [1, 2].map { eightBitProduct(size, threads: $0) }
    }
    return products + eightBits + [
      training("gpt", gpt, NamedConfiguration.gpt.plan, steps: 100, threads: threads),
      training(small.name, small.model, small.plan, steps: 30, threads: threads),
      training(stories.name, stories.model, stories.plan, steps: 20, threads: threads),
      training(v3.name, v3.model, v3.plan, steps: 8, threads: threads),
      training(v3.name, v3.model, v3.plan, in: .bf16, steps: 8, threads: threads),
      training(v3.name, v3.model, v3.plan, in: .fp8, steps: 8, threads: threads),
      decoding("gpt", gpt, prompt: 1, tokens: gpt.maximumPositions - 1, threads: threads),
      decoding(v3.name, v3.model, prompt: 8, tokens: 64, threads: threads),
      decodingAlong(v3.name, v3.model, places: [64, 128, 256, 512, 1024], threads: threads),
      mixture,
    ] + serving(v3.name, v3.model, threads: threads) + codes + reasoning(threads: threads)
  }

  /// The product of two square matrices.
  private static func matrixProduct(_ size: Int, threads: Int) -> Measure {
    Measure(name: "matmul/\(size)", threads: threads) { peak in
      var generator = SplitMix64(seed: UInt64(size))
      let a = Tensor.normal(shape: [size, size], using: &generator)
      let b = Tensor.normal(shape: [size, size], using: &generator)
      var result = a
      let seconds = Stopwatch.best { result = a.matmul(b) }
      insist(result[0, 0].isFinite, "matmul: the product must be finite")
      let speed = 2 * Double(size * size * size) / seconds * 1e-9
      return Row(
        name: "matmul/\(size)", threads: threads,
        numbers: [("gflops", speed), ("share_of_peak", speed / peak / Double(threads))])
    }
  }

  /// The product of two square matrices in eight bits, X · Wᵀ from codes to numbers, beside X · W in FP32.
  private static func eightBitProduct(_ size: Int, threads: Int) -> Measure {
    Measure(name: "matmul/\(size)-fp8", threads: threads) { peak in
      var generator = SplitMix64(seed: UInt64(size))
      let x = Tensor.normal(shape: [size, size], using: &generator)
      let w = Tensor.normal(shape: [size, size], using: &generator)
      let (a, b) = (BlockScaled(x, by: .tile), BlockScaled(w, by: .block))
      // By turns, so that both meet the same disturbances.
      var (seconds, single, result) = (Double.infinity, Double.infinity, Tensor(0))
      for _ in 0..<4 {
        seconds = min(seconds, Stopwatch.best(within: 0.15) { result = a.matmul(b) })
        single = min(single, Stopwatch.best(within: 0.15) { result = x.matmul(w) })
      }
      insist(result[0, 0].isFinite, "matmul: the product must be finite")
      let speed = 2 * Double(size * size * size) / seconds * 1e-9
      return Row(
        name: "matmul/\(size)-fp8", threads: threads,
        numbers: [
          ("gflops", speed), ("share_of_peak", speed / peak / Double(threads)),
          ("times_fp32", single / seconds),
        ])
    }
  }

  /// Whole steps on random tokens: loss, gradient, clipping, optimizer; the mean over all steps.
  private static func training(
    _ model: String, _ configuration: DecoderConfiguration, _ plan: TrainingPlan,
    in precision: Precision = .fp32, steps: Int, threads: Int
  ) -> Measure {
    let name = "train/\(model)" + (precision == .fp32 ? "" : "-\(precision.rawValue)")
    return Measure(name: name, threads: threads, countsMemory: true) { peak in
      var generator = SplitMix64(seed: 1)
      let tokens = (0..<100_000).map { _ in
        Int(generator.uniform() * Double(configuration.vocabularySize))
      }
      var trainer = try Trainer(
        DeepSeekModel(configuration, seed: 0), plan: plan, tokens: tokens,
        in: precision)
      for _ in 0..<3 { _ = try trainer.takeStep() }
      let faults = Usage.now.pageFaults
      let seconds = try ContinuousClock().measure {
        for _ in 0..<steps { _ = try trainer.takeStep() }
      }
      let speed = Double(plan.tokensPerStep * steps) / (seconds / .seconds(1))
      let flops = configuration.trainingFLOPsPerToken(
        context: plan.length, predicting: configuration.predictors > 0)
      let share = speed * Double(flops) * 1e-9 / peak / Double(threads)
      return Row(
        name: name, threads: threads,
        numbers: [
          ("tokens_per_second", speed), ("flops_per_token", Double(flops)),
          ("share_of_peak", share), ("peak_memory_bytes", Double(Usage.now.peakMemory)),
          ("page_faults_per_step", Double(Usage.now.pageFaults - faults) / Double(steps)),
        ])
    }
  }

  /// The shapes with the 65 characters that the recipe's text has.
  private static var gpt: DecoderConfiguration {
    var configuration = NamedConfiguration.gpt.model
    configuration.vocabularySize = 65
    return configuration
  }
}
