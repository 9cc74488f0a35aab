import Attention
import Checkpoints
import MTP
import Tensors

extension Measure {
  /// Greedy decoding of one sequence behind a prompt, with the cache.
  static func decoding(
    _ model: String, _ configuration: DecoderConfiguration, prompt: Int, tokens: Int,
    threads: Int
  ) -> Measure {
    Measure(name: "decode/\(model)", threads: threads) { _ in
      let language = DeepSeekModel(configuration, seed: 0).language
      let start = (0..<prompt).map { $0 % configuration.vocabularySize }
      let seconds = Stopwatch.best {
        _ = language.generate([start], count: tokens, sampling: .greedy, seed: 0)
      }
      return Row(
        name: "decode/\(model)", threads: threads,
        numbers: [("tokens_per_second", Double(tokens) / seconds)])
    }
  }

  /// Greedy decoding up to the longest context, and its speed over 64 tokens at several places.
  ///
  /// `cache_growth` is the context beside that of the first place: the factor by which a token may
  /// be slower if the whole of its time went into reading the cache.
  static func decodingAlong(
    _ model: String, _ configuration: DecoderConfiguration, places: [Int], threads: Int
  ) -> Measure {
    let name = "decode-along/\(model)"
    return Measure(name: name, threads: threads) { _ in
      let language = DeepSeekModel(configuration, seed: 0).language
      let (clock, window) = (ContinuousClock(), 64)
      var best = [Double](repeating: .infinity, count: places.count)
      for _ in 0..<3 {
        var stamps = [clock.now]
        _ = language.generate(
          [[0]], count: places.max() ?? 1, sampling: .greedy, seed: 0
        ) { _, _ in
          stamps.append(clock.now)
          return true
        }
        for (index, place) in places.enumerated() {
          let seconds = (stamps[place] - stamps[place - window]) / .seconds(1)
          best[index] = min(best[index], seconds)
        }
      }
      let speeds = zip(places, best).map { place, seconds in
        ("tokens_per_second_at_\(place)", Double(window) / seconds)
      }
      let (first, last) = (best[0], best[best.count - 1])
      return Row(
        name: name, threads: threads,
        numbers: speeds + [
          ("slowdown", last / first),
          ("cache_growth", Double(places[places.count - 1]) / Double(places[0])),
        ])
    }
  }
}
