import Attention
import Checkpoints
import CommandLine
import Figures
import MLA
import Tensors

extension MLADemo {
  /// Measures a new token's way through one layer, behind contexts of several lengths.
  mutating func measureDecoding() {
    Console.print("One layer, one new token, one thread: 16 heads of 64")
    let bench = Threads.with(1) { DecodingBench(seed: seed) }
    let contexts = [128, 256, 512, 1024, 2048]
    let difference = Threads.with(1) { bench.difference() }
    note("decode.difference", difference)
    report(
      "kept", "latent \(bench.latentNumbers) numbers a token, whole keys \(bench.wholeNumbers)")
    note("decode.numbers-mla", bench.latentNumbers)
    note("decode.numbers-mha", bench.wholeNumbers)
    let ways: [(key: String, name: String, ink: Ink, step: (Int) -> Double)] = [
      ("expanding", "MLA, all the past expanded anew", .neutral, bench.expanding),
      ("mha", "MHA, whole keys and values kept", .key, bench.whole),
      ("absorbed", "MLA, absorbed", .latent, bench.absorbed),
    ]
    var series: [LineChart.Series] = []
    for way in ways {
      // From the longest on: a cache can be cut, but not filled again.
      let milliseconds = Array(
        contexts.reversed().map { context in
          Threads.with(1) { way.step(context) } * 1000
        }.reversed())
      report(way.key, milliseconds.map { Self.digits($0, 3) }.joined(separator: ", ") + " ms")
      for (context, time) in zip(contexts, milliseconds) {
        note("decode.\(way.key)-\(context)", time)
      }
      series.append(
        .init(
          way.name, zip(contexts, milliseconds).map { (Double($0), $1) }, ink: way.ink,
          hasMarkers: true))
    }
    for context in contexts {
      let absorbed = time("absorbed", context)
      note("decode.saved-\(context)", time("expanding", context) / absorbed)
      note("decode.against-mha-\(context)", time("mha", context) / absorbed)
    }
    report(
      "the same",
      "outputs, expanded and absorbed, to \(Self.digits(difference * 1e6, 1)) millionths")
    draw(
      "decoding",
      LineChart(
        title: "A new token behind a growing text",
        description:
          "Milliseconds for one new token in one layer over the tokens before it, both axes "
          + "logarithmic. Expanding all latents anew costs most by far and grows with the text; "
          + "the absorbed form reads the narrow cache only.",
        xLabel: "tokens in the cache", yLabel: "milliseconds a token and layer",
        xScale: .logarithmic, yScale: .logarithmic, series: series))
  }

  private func time(_ way: String, _ context: Int) -> Double {
    noted("decode.\(way)-\(context)") ?? .nan
  }
}
