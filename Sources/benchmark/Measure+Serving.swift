import Attention
import Checkpoints
import Foundation
import MTP
import Serving
import Tensors

extension Measure {
  /// The rows of serving: formats of weights, and texts that are written together.
  static func serving(
    _ model: String, _ configuration: DecoderConfiguration, threads: Int
  ) -> [Measure] {
    [
      formats(model, configuration, threads: threads),
      batch(model, configuration, texts: 16, threads: threads),
    ]
  }

  /// Greedy decoding of one text in each format, by turns, so that all meet the same disturbances.
  ///
  /// `times_fp32` compares with `decode/MODEL`, the path of chapters 2 to 5.
  private static func formats(
    _ model: String, _ configuration: DecoderConfiguration, threads: Int
  ) -> Measure {
    let name = "decode/\(model)-int8"
    return Measure(name: name, threads: threads) { _ in
      let trained = DeepSeekModel(configuration, seed: 0)
      let start = (0..<8).map { $0 % configuration.vocabularySize }
      let count = 64
      let formats: [WeightFormat] = [.int8, .int4, .fp8, .bf16, .fp32]
      let served = formats.map { ServedModel(configuration, $0, of: trained) }
      var best = [Double](repeating: .infinity, count: formats.count)
      var plain = Double.infinity
      for _ in 0..<8 {
        for (index, model) in served.enumerated() {
          best[index] = min(best[index], seconds(of: model, [start], count: count))
        }
        plain = min(
          plain,
          Stopwatch.best(within: 0, atLeast: 1) {
            _ = trained.language.generate([start], count: count, sampling: .greedy, seed: 0)
          })
      }
      let bandwidth = MemoryBandwidth.bytesPerSecond(
        of: served[0].weightBytes.all, threads: threads)
      let speeds = best.map { Double(count) / $0 }
      let read = Double(served[0].weightBytes.active) * speeds[0]
      return Row(
        name: name, threads: threads,
        numbers: [
          ("tokens_per_second", speeds[0]), ("times_fp32", plain / best[0]),
          ("fp32_tokens_per_second", Double(count) / plain),
          ("int4_tokens_per_second", speeds[1]), ("fp8_tokens_per_second", speeds[2]),
          ("bf16_tokens_per_second", speeds[3]),
          ("served_fp32_tokens_per_second", speeds[4]),
          ("bytes_per_token", Double(served[0].weightBytes.active)),
          ("share_of_bandwidth", read / bandwidth),
        ])
    }
  }

  /// Many texts at once, beside one alone, and beside one on the path of chapters 2 to 5.
  ///
  /// A core is not idle with one row, and an expert that few texts chose has few: a batch gains less
  /// than its size would say.
  private static func batch(
    _ model: String, _ configuration: DecoderConfiguration, texts: Int, threads: Int
  ) -> Measure {
    let name = "decode/batch-\(texts)"
    return Measure(name: name, threads: threads) { _ in
      let trained = DeepSeekModel(configuration, seed: 0)
      let served = ServedModel(configuration, .int8, of: trained)
      let prompts = (0..<texts).map { text in
        (0..<8).map { (7 * text + $0) % configuration.vocabularySize }
      }
      let count = 64
      var (one, many, plain) = (Double.infinity, Double.infinity, Double.infinity)
      for _ in 0..<8 {
        plain = min(
          plain,
          Stopwatch.best(within: 0, atLeast: 1) {
            _ = trained.language.generate(
              [prompts[0]], count: count, sampling: .greedy, seed: 0)
          })
        one = min(one, seconds(of: served, [prompts[0]], count: count))
        many = min(many, seconds(of: served, prompts, count: count))
      }
      return Row(
        name: name, threads: threads,
        numbers: [
          ("tokens_per_second", Double(texts * count) / many),
          ("one_tokens_per_second", Double(count) / one),
          ("times_one", Double(texts) * one / many),
          ("times_one_fp32", Double(texts) * plain / many),
        ])
    }
  }

  /// The time from the first request to the last token.
  private static func seconds(
    of model: ServedModel, _ prompts: [[Int]], count: Int
  ) -> Double {
    var scheduler = Scheduler(
      model, limits: EngineLimits(active: prompts.count, tokensPerStep: 256),
      options: EngineOptions(sharesPrefixes: false))
    for prompt in prompts {
      let request = GenerationRequest(prompt: prompt, maximumTokens: count)
      do { _ = try scheduler.submit(request) } catch { fatalError("benchmark: \(error)") }
    }
    return ContinuousClock().measure {
      while !scheduler.isIdle { _ = scheduler.step() }
    } / .seconds(1)
  }
}

/// How fast memory is read, by sums over as many bytes as a model has.
enum MemoryBandwidth {
  /// The bytes a second, each thread over its own part.
  static func bytesPerSecond(of bytes: Int, threads: Int) -> Double {
    let numbers = Tensor(repeating: 1, shape: [max(1, bytes / 4 / threads)])
    let parts = (0..<threads).map { _ in
      var copy = numbers
      copy[0] = 2
      return copy
    }
    let seconds = Stopwatch.best(within: 0.3) {
      let sums = Threads.map(threads) { ReadKernel.sum(parts[$0]) }
      insist(sums.allSatisfy(\.isFinite), "MemoryBandwidth: the sums must be finite")
    }
    return Double(bytes) / seconds
  }
}
