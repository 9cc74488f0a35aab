import Attention
import CommandLine
import Figures
import Foundation
import MTP
import Tensors
import Text

extension MTPDemo {
  private static let count = 96
  private static let texts = 8

  /// Writes stories and sums with and without drafts, and takes the time.
  mutating func speculate(with trained: TrainedPair) throws {
    Console.print(
      "Writing \(Self.texts) texts of \(Self.count) tokens, with drafts and without")
    let costs = costs(of: trained)
    report(
      "costs",
      "a pass over one token \(Self.digits(1e6 * costs.pass, 0)) µs; over two "
        + "\(Self.digits(costs.verifying, 2)) times that, a draft \(Self.digits(costs.drafting, 2))"
    )
    note("cost.pass", 1e6 * costs.pass)
    note("cost.verifying", costs.verifying)
    note("cost.drafting", costs.drafting)
    var bars: (predicted: [Double], measured: [Double], names: [String]) = ([], [], [])
    for (kind, opening) in [("stories", "Once upon a time"), ("sums", "Q: ")] {
      for (manner, sampling) in [("greedy", Sampling.greedy), ("sampled", Sampling())] {
        let run = write(opening, sampling, with: trained)
        let predicted = SpeculationGain.factor(
          acceptance: run.acceptance, verifying: costs.verifying, drafting: costs.drafting)
        report(
          "\(kind), \(manner == "greedy" ? "gr." : "dr.")",
          "\(Self.percent(run.acceptance)) accepted, \(Self.digits(run.tokensPerPass, 2)) tokens a "
            + "pass, \(Self.digits(run.gain, 2)) times as fast, predicted "
            + Self.digits(predicted, 2))
        note("speculation.\(kind)-\(manner).acceptance", 100 * run.acceptance)
        note("speculation.\(kind)-\(manner).tokens", run.tokensPerPass)
        note("speculation.\(kind)-\(manner).gain", run.gain)
        note("speculation.\(kind)-\(manner).predicted", predicted)
        bars.names.append("\(kind), \(manner == "greedy" ? "greedy" : "drawn")")
        bars.predicted.append(predicted)
        bars.measured.append(run.gain)
      }
    }
    Console.print()
    draw(
      "gain",
      BarChart(
        title: "What drafts bring, predicted and measured",
        description:
          "Tokens per second with drafts, relative to plain decoding: predicted from acceptance "
          + "and costs, and measured, for stories and sums, greedy and drawn. A bar below 1 is a "
          + "loss of time.",
        valueLabel: "times as fast as plain decoding", groups: bars.names,
        series: [
          .init("predicted: (1 + α) / (v + c)", bars.predicted, ink: .neutral),
          .init("measured", bars.measured, ink: .ours),
        ], format: { Self.digits($0, 2) }))
  }

  /// One kind of text, written both ways.
  private func write(
    _ opening: String, _ sampling: Sampling, with trained: TrainedPair
  ) -> (acceptance: Double, tokensPerPass: Double, gain: Double) {
    let model = trained.model
    let prompt = trained.tokenizer.encode(opening)
    var tally = SpeculationTally(depths: 1)
    var (plain, drafted): ([Double], [Double]) = ([], [])
    for _ in 0..<3 {
      var seconds = (plain: 0.0, drafted: 0.0)
      for text in 0..<Self.texts {
        // Greedy texts differ by their beginnings, drawn ones by their seeds too.
        let start = prompt + trained.tokenizer.encode(Self.beginnings(of: opening)[text])
        let seed = seed + UInt64(text)
        seconds.plain += AttentionDemo.seconds {
          _ = model.language.generate(
            [start], count: Self.count, sampling: sampling, seed: seed)
        }
        seconds.drafted += AttentionDemo.seconds {
          tally.add(
            model.generateSpeculatively(
              start, count: Self.count, sampling: sampling, seed: seed
            ).tally)
        }
      }
      plain.append(seconds.plain)
      drafted.append(seconds.drafted)
    }
    let gain = (plain.min() ?? 0) / (drafted.min() ?? 1)
    return (tally.secondTokenAcceptance, tally.tokensPerPass, gain)
  }

  private static func beginnings(of opening: String) -> [String] {
    opening.hasPrefix("Q")
      ? ["37+45", "8*7", "s413", "57%7", "p0110", "5+3", "c52816", "64+9"]
      : [
        " a shy boy", " a cheerful girl", " a little", " a curious girl", " a brave boy",
        " there", " a clever", " a wise",
      ]
  }

  /// The median time of a pass over one token, and what two tokens and a draft cost beside it.
  private func costs(of trained: TrainedPair) -> (
    pass: Double, verifying: Double, drafting: Double
  ) {
    let model = trained.model
    let text = trained.tokenizer.encode(
      "Once upon a time a shy boy called Tom lived on a farm.")
    let cache = model.language.makeCache(sequences: 1)
    let hidden = model.language.read(text, cache: cache)
    let module = model.modules[0]
    let moduleCache = module.makeCache(sequences: 1)
    _ = module.read(
      hidden.rows(0..<text.count - 1), with: Array(text[1...]), cache: moduleCache)
    let last = hidden.rows(text.count - 1..<text.count)
    func pass(_ tokens: [Int]) -> Double {
      AttentionDemo.seconds {
        let rows = model.language.read(tokens, cache: cache)
        for row in 0..<rows.rows { _ = model.language.logits(of: rows.rows(row..<row + 1)) }
        cache.truncate(sequence: 0, to: text.count)
      }
    }
    func draft() -> Double {
      AttentionDemo.seconds {
        let row = module.read(last, with: [1], cache: moduleCache)
        _ = model.language.logits(of: row)
        moduleCache.truncate(sequence: 0, to: text.count - 1)
      }
    }
    // By turns, with changing tokens: other tokens visit other experts.
    var times: [[Double]] = [[], [], []]
    for round in 0..<400 {
      let tokens = [text[round % text.count], text[(round + 1) % text.count]]
      times[0].append(pass([tokens[0]]))
      times[1].append(pass(tokens))
      times[2].append(draft())
    }
    let medians = times.map { $0.sorted()[$0.count / 2] }
    return (medians[0], medians[1] / medians[0], medians[2] / medians[0])
  }
}
