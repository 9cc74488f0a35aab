import Tensors
import Testing

@Suite struct `Clipping` {
  private static func pair(_ a: [Float], _ b: [Float]) -> (NamedParameters, Gradients) {
    let parameters = exactParameters(["a": [a.count], "b": [1, b.count]])
    var gradients = Gradients()
    gradients[parameters[0].parameter] = Tensor(a, shape: [a.count])
    gradients[parameters[1].parameter] = Tensor(b, shape: [1, b.count])
    return (parameters, gradients)
  }

  @Test func `shortens all gradients together, and tells the length they had`() throws {
    // √(1² + 2² + 2² + 4²) = 5.
    var (parameters, gradients) = Self.pair([1, 2], [-2, 4])
    #expect(try gradients.clip(toNorm: 2.5) == 5)
    #expect(gradients[parameters[0].parameter]?.scalars == [0.5, 1])
    #expect(gradients[parameters[1].parameter]?.scalars == [-1, 2])
    #expect(gradients.norm == 2.5)
  }

  @Test func `leaves a short gradient as it is`() throws {
    var (parameters, gradients) = Self.pair([1, 2], [-2, 4])
    #expect(try gradients.clip(toNorm: 5) == 5)
    #expect(gradients[parameters[1].parameter]?.scalars == [-2, 4])
    var (_, zero) = Self.pair([0, 0], [0])
    #expect(try zero.clip(toNorm: 1) == 0)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func `refuses a gradient that is not finite, and says where it is`(value: Float) throws {
    var (parameters, gradients) = Self.pair([3, 4], [0, value])
    let error = try #require(throws: NonFiniteGradient.self) {
      try gradients.clip(toNorm: 1)
    }
    #expect(error.parameter === parameters[1].parameter)
    #expect(!error.norm.isFinite)
    #expect(gradients[parameters[0].parameter]?.scalars == [3, 4], "nothing was scaled")
  }

  @Test func `says in a sentence what it found`() throws {
    var (_, gradients) = Self.pair([.nan], [1])
    let error = try #require(throws: NonFiniteGradient.self) {
      try gradients.clip(toNorm: 1)
    }
    let sentence =
      "The gradient's norm is nan, first in a weight of shape [1], so no step can be taken."
    #expect("\(error)" == sentence)
  }
}

@Suite struct `Accumulated gradients` {
  @Test func `of equal shards have the gradient of the whole batch as their mean`() throws {
    let problem = LeastSquares(seed: 7)
    let whole = problem.gradients()
    let shards = [0..<4, 4..<8, 8..<12, 12..<16].map { problem.gradients(rows: $0) }
    let mean = Gradients.mean(of: shards)
    let weight = problem.layer.weight
    let expected = try #require(whole[weight]).scalars.map(Double.init)
    #expect(worst(try #require(mean[weight]).scalars, expected) < 1e-6)
    let first = try #require(shards[0][weight])
    #expect(worst(first.scalars, expected) > 1e-2, "one shard is not the batch")
  }

  @Test func `count a shard that misses a weight as zero`() {
    let parameters = exactParameters(["a": [2], "b": [2]])
    var (one, other) = (Gradients(), Gradients())
    one[parameters[0].parameter] = Tensor([2, 4], shape: [2])
    other[parameters[1].parameter] = Tensor([6, 8], shape: [2])
    let mean = Gradients.mean(of: [one, other])
    #expect(mean[parameters[0].parameter]?.scalars == [1, 2])
    #expect(mean[parameters[1].parameter]?.scalars == [3, 4])
  }
}
