import Attention
import Checkpoints
import CommandLine
import Figures
import FullScale

extension FullScaleDemo {
  /// What a token costs to train, to read and to write, and what it leaves in the cache.
  mutating func countWork() {
    Console.print("What a token costs: GFLOP in training, and bytes in the cache")
    for row in WorkRow.published {
      report(
        row.name,
        "\(Self.digits(row.recomputed, 2)) in training, \(Int(row.published)) printed"
          + (row.isTextbook ? "; by its matrices \(Self.digits(row.counted, 1))" : ""))
      let key = "work.\(Self.key(row.name))"
      note("\(key).recomputed", row.recomputed)
      note("\(key).counted", row.counted)
    }
    for row in CacheRow.published {
      let multiple = Double(row.bytes) / Double(CacheRow.published[0].bytes)
      report(
        row.name, "\(row.bytes) bytes in the cache, \(Self.digits(multiple, 3)) times V3's")
      note("cache.\(Self.key(row.name)).bytes", row.bytes)
      note("cache.\(Self.key(row.name)).multiple", multiple)
    }
    let model = DecoderConfiguration.v3
    if let causal = model.trainingWork(context: 4096),
      let square = model.trainingWork(context: 4096, .square),
      let extra = model.trainingWork(context: 4096, predicting: true)
    {
      // Two cores at 200 GFLOP/s, which is more than they reach in this book.
      let seconds = Double(causal.total) * HoursPerTrillion.v3Tokens / 200e9
      note("opening.years", seconds / (365.25 * 86_400) / 1000)
      note("opening.terabytes", 16 * Double(model.parameterCount ?? 0) / 1e12)
      note("work.v3.weights", Double(causal.weights) / 1e9)
      note("work.v3.attention", Double(causal.attention) / 1e9)
      note("work.v3.square", Double(square.total) / 1e9)
      note("work.v3.predicting", Double(extra.total) / 1e9)
      report(
        "V3, the whole square",
        "\(Self.digits(Double(square.total) / 1e9, 2)); with the predictor "
          + Self.digits(Double(extra.total) / 1e9, 2))
    }
    drawDecoding(model)
    Console.print()
  }

  static func key(_ name: String) -> String {
    String(name.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "-" })
  }

  private mutating func drawDecoding(_ model: DecoderConfiguration) {
    let places = stride(from: 0, through: 131_072, by: 4096).map { $0 }
    func gigaflops(_ cached: Int, _ form: TokenWork.Form) -> Double {
      Double(model.decodingWork(cached: cached, form)?.total ?? 0) / 1e9
    }
    for cached in [4096, 131_072] {
      let (absorbed, expanded) = (gigaflops(cached, .absorbed), gigaflops(cached, .expanded))
      note("decode.\(cached).absorbed", absorbed)
      note("decode.\(cached).expanded", expanded)
      report(
        "the next token of \(cached)",
        "\(Self.digits(absorbed, 1)) absorbed, \(Self.digits(expanded, 1)) expanded")
    }
    let weights = gigaflops(0, .absorbed)
    note("decode.weights", weights)
    // Where attention costs as much as all weights.
    let per = gigaflops(1, .absorbed) - weights
    note("decode.equal", (weights / per).rounded())
    draw(
      "decoding",
      LineChart(
        title: "What the next token costs, over the tokens in the cache",
        description:
          "GFLOP for one further token of V3 over the length of its text. The weights take 73 "
          + "whatever the length. The absorbed form passes twice that at about four thousand tokens "
          + "and reaches 2300 at 131 thousand; the expanded form grows a third as fast, but has a "
          + "cache 71 times as large.",
        xLabel: "tokens in the cache", yLabel: "GFLOP",
        series: [
          .init(
            "absorbed form", places.map { (Double($0), gigaflops($0, .absorbed)) },
            ink: .latent),
          .init(
            "expanded form", places.map { (Double($0), gigaflops($0, .expanded)) }, ink: .key),
        ], references: [.init("weights alone", y: weights)], yIncludes: [0]))
  }
}
