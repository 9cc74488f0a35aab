import Foundation
import Tensors
import TestSupport
import Testing

/// The runs of PyTorch that `Tests/Reference/make_optimizers.py` stored.
struct OptimizerReference: Decodable {
  struct AdamWRun: Decodable {
    struct Weights: Decodable { let matrix, vector: [Float] }
    let weights: [String: Weights]
    let firstMoment, secondMoment: [Float]
    private enum CodingKeys: String, CodingKey {
      case weights
      case firstMoment = "first_moment"
      case secondMoment = "second_moment"
    }
  }
  struct MuonRun: Decodable { let weight, momentum: [Float] }
  let adamw: AdamWRun
  let muon: [String: MuonRun]

  static func load() throws -> OptimizerReference {
    let file = Repository.references.appendingPathComponent("optimizers.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
  }
}

/// Weights and gradients that a `Float` holds exactly, as the script makes them.
enum Exact {
  static func start(_ shape: [Int]) -> Tensor {
    let count = shape.reduce(1, *)
    return Tensor((0..<count).map { Float(($0 * 29) % 32 - 15) / 16 }, shape: shape)
  }

  static func gradient(_ shape: [Int], step: Int) -> Tensor {
    let count = shape.reduce(1, *)
    let values = (0..<count).map { Float(($0 * 37 + step * 101) % 64 - 31) / 16 }
    return Tensor(values, shape: shape)
  }
}

typealias NamedParameters = [(name: String, parameter: Parameter)]

/// The exact gradients of one step for some parameters.
func exactGradients(_ parameters: NamedParameters, step: Int) -> Gradients {
  var gradients = Gradients()
  for (_, parameter) in parameters {
    gradients[parameter] = Exact.gradient(parameter.shape, step: step)
  }
  return gradients
}

/// Parameters of given shapes with the exact first weights.
func exactParameters(_ shapes: KeyValuePairs<String, [Int]>) -> NamedParameters {
  shapes.map { ($0.key, Parameter(Exact.start($0.value))) }
}

/// The largest distance between two lists; infinite when the lengths differ or something is NaN.
func worst(_ found: [Float], _ expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  return zip(found, expected).reduce(0.0) { worst, pair in
    let distance = abs(Double(pair.0) - pair.1)
    return distance.isNaN ? .infinity : Swift.max(worst, distance)
  }
}

/// A least-squares problem with a known answer: find W from X and Y = X · Wᵀ.
struct LeastSquares {
  let answer: Tensor
  let inputs: Tensor
  let outputs: Tensor
  let layer: Linear

  init(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    answer = .normal(shape: [3, 4], using: &generator)
    inputs = .normal(shape: [16, 4], using: &generator)
    outputs = inputs.matmul(answer, transposing: .right)
    layer = Linear(from: 4, to: 3, deviation: 0.5, using: &generator)
  }

  /// The gradient of half the mean squared error over some rows.
  func gradients(rows: Range<Int>? = nil) -> Gradients {
    let rows = rows ?? 0..<inputs.rows
    let (x, y) = (part(inputs, rows), part(outputs, rows))
    let tape = Tape()
    let prediction = layer(tape.constant(x))
    var error = y
    error.scale(by: -1)
    error.add(prediction.value)
    error.scale(by: 1 / Float(rows.count))
    return tape.gradients(of: prediction, upstream: error).now()
  }

  private func part(_ tensor: Tensor, _ rows: Range<Int>) -> Tensor {
    let width = tensor.columns
    let scalars = tensor.scalars[rows.lowerBound * width..<rows.upperBound * width]
    return Tensor(Array(scalars), shape: [rows.count, width])
  }

  /// The largest error of a weight.
  var distance: Double { worst(layer.weight.value.scalars, answer.scalars.map(Double.init)) }
}
