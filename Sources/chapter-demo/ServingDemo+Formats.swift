import Attention
import Checkpoints
import CommandLine
import Figures
import Foundation
import MTP
import RL
import Serving
import Tensors
import Text

extension ServingDemo {
  /// Trains a little R1 and tells how good it is.
  mutating func trainReasoner() throws -> PotatoReasoner {
    Console.print(
      "A little R1: latent attention and experts, taught to add digits with a thought")
    let start = ContinuousClock.now
    let reasoner = try PotatoReasoner.trained(seed: seed)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    note("model.weights", reasoner.model.parameterCount)
    note("model.seconds", seconds)
    report(
      "trained", "\(reasoner.model.parameterCount) weights in \(Self.digits(seconds, 0)) s")
    return reasoner
  }

  /// The formats that are compared, by key.
  private static let formats: [(key: String, name: String, format: WeightFormat)] = [
    ("fp32", "FP32", .fp32), ("bf16", "BF16", .bf16), ("fp8", "E4M3, blocks of 128", .fp8),
    ("int8", "int8, groups of 32", .int8),
    ("int4", "int4, groups of 32", .int4),
    (
      "int4-zero", "int4 with zero points", .integer(IntegerFormat(bits: 4, isSymmetric: false))
    ),
    ("int4-16", "int4, groups of 16", .integer(IntegerFormat(bits: 4, group: 16))),
    ("int4-64", "int4, groups of 64", .integer(IntegerFormat(bits: 4, group: 64))),
  ]

  /// What each format makes of the same model.
  mutating func compareFormats(_ reasoner: PotatoReasoner) throws {
    let items = PotatoReasoner.problems(100)
    note("formats.problems", items.count)
    Console.print("The same weights in other formats, \(items.count) held-out sums")
    for (key, name, format) in Self.formats {
      let served = reasoner.served(format)
      let marks = try PotatoMarks(served, reasoner.coder, on: items)
      let kilobytes = Double(served.weightBytes.all) / 1000
      note("formats.\(key).bits", format.bitsPerWeight)
      note("formats.\(key).kilobytes", kilobytes)
      note("formats.\(key).loss", marks.loss)
      note("formats.\(key).perplexity", exp(marks.loss))
      note("formats.\(key).accuracy", marks.accuracy)
      report(
        name,
        "\(Self.digits(format.bitsPerWeight, 2)) bits, \(Self.digits(kilobytes, 0)) kB, perplexity "
          + "\(Self.digits(exp(marks.loss), 4)), right \(Self.digits(marks.accuracy, 3))")
    }
    Console.print()
  }

  /// Rounds all matrices to grids of fewer and fewer codes, with scales for more or fewer numbers.
  mutating func compareGrids(_ reasoner: PotatoReasoner) throws {
    let items = PotatoReasoner.problems(40)
    let kinds: [(key: String, name: String, grid: (Int) -> RoundingGrid)] = [
      ("matrix", "one scale a matrix", { RoundingGrid(bits: $0, group: nil) }),
      ("group", "a scale for 32 neighbours", { RoundingGrid(bits: $0, group: 32) }),
      ("zero", "and a zero point", { RoundingGrid(bits: $0, group: 32, isSymmetric: false) }),
    ]
    let bits = [8, 6, 5, 4, 3, 2]
    Console.print(
      "Right answers with \(bits.map(String.init).joined(separator: ", ")) bits a code")
    var series: [LineChart.Series] = []
    for (index, kind) in kinds.enumerated() {
      var points: [(x: Double, y: Double)] = []
      for count in bits {
        let grid = kind.grid(count)
        let weights = RoundedWeights(ModelWeights(reasoner.model), grid)
        let served = try ServedModel(reasoner.configuration, .fp32, from: weights)
        let marks = try PotatoMarks(served, reasoner.coder, on: items)
        note("grid.\(kind.key).\(count)", marks.accuracy)
        note("grid.\(kind.key).\(count).loss", marks.loss)
        points.append((grid.bitsPerWeight, marks.accuracy))
      }
      report(kind.name, points.map { Self.digits($0.y, 3) }.joined(separator: ", "))
      series.append(.init(kind.name, points, ink: .series(index), hasMarkers: true))
    }
    Console.print()
    draw(
      "grids-accuracy",
      LineChart(
        title: "How few bits a thought survives",
        description:
          "The share of right answers over the bits of a weight, its share of scales and zero "
          + "points included. With one scale for a whole matrix the model breaks first; with a "
          + "scale for each 32 neighbours it lasts longer, and longest with a zero point as well.",
        xLabel: "bits a weight", yLabel: "right, held-out sums", series: series,
        references: [.init("guessing", y: 0.1)], yIncludes: [0, 1]))
  }

  /// What fewer bits in the cache cost.
  mutating func compareCaches(_ reasoner: PotatoReasoner) throws {
    let items = PotatoReasoner.problems(40)
    let served = reasoner.served(.fp32)
    Console.print("The cache in fewer bits, the weights in FP32")
    for format in CacheFormat.allCases {
      let marks = try PotatoMarks(served, reasoner.coder, on: items, cache: format)
      let bytes = served.cacheLayout(format).bytesPerToken
      note("cache.\(format.rawValue).bytes", bytes)
      note("cache.\(format.rawValue).perplexity", exp(marks.loss))
      note("cache.\(format.rawValue).accuracy", marks.accuracy)
      report(
        format.rawValue,
        "\(bytes) bytes a token, perplexity \(Self.digits(exp(marks.loss), 4)), right "
          + Self.digits(marks.accuracy, 3))
    }
    Console.print()
  }
}

/// A grid of any number of bits, for trials: numbers that are rounded stay in single precision.
struct RoundingGrid: Sendable {
  let bits: Int
  /// The neighbours in a row that share a scale; nil if a whole matrix does.
  let group: Int?
  var isSymmetric = true

  var bitsPerWeight: Double {
    guard let group else { return Double(bits) }
    return Double(bits) + Double(isSymmetric ? 16 : 16 + bits) / Double(group)
  }

  /// Every number of a matrix moved to the nearest that the grid has.
  func rounded(_ matrix: Tensor) -> Tensor {
    let numbers = matrix.scalars
    guard let group else { return Tensor(rounded(numbers[...]), shape: matrix.shape) }
    let rows = stride(from: 0, to: numbers.count, by: matrix.columns)
    let result = rows.flatMap { row in
      stride(from: row, to: row + matrix.columns, by: group).flatMap { start in
        rounded(numbers[start..<min(start + group, row + matrix.columns)])
      }
    }
    return Tensor(result, shape: matrix.shape)
  }

  private func rounded(_ numbers: ArraySlice<Float>) -> [Float] {
    let (low, high) = (min(0, numbers.min() ?? 0), max(0, numbers.max() ?? 0))
    let half = Float(1 << (bits - 1))
    let scale = isSymmetric ? max(-low, high) / (half - 1) : (high - low) / (2 * half - 1)
    guard scale > 0 else { return Array(numbers) }
    let (first, last) = isSymmetric ? (-half, half - 1) : (0, 2 * half - 1)
    let zero = isSymmetric ? 0 : (-low / scale).rounded()
    return numbers.map { x in
      (max(first, min(last, (x / scale).rounded() + zero)) - zero) * scale
    }
  }
}

/// The weights of a model, those matrices rounded that a format would pack.
struct RoundedWeights: WeightSource {
  private let weights: ModelWeights
  private let grid: RoundingGrid

  init(_ weights: ModelWeights, _ grid: RoundingGrid) {
    (self.weights, self.grid) = (weights, grid)
  }

  func contains(_ tensor: String) -> Bool { weights.contains(tensor) }

  func tensor(_ tensor: String, shape: [Int]?) throws(CheckpointError) -> Tensor {
    let value = try weights.tensor(tensor, shape: shape)
    return tensor.contains("_proj") && value.shape.count == 2 ? grid.rounded(value) : value
  }

  func integerCodes(
    _ tensor: String, shape: [Int]
  ) throws(CheckpointError) -> IntegerCodes? { nil }
}
