import Tensors

extension Tensor {
  /// Numbers between -2 and 2 that are the same in every run, and none of them near another's.
  public static func test(_ shape: Int..., seed: UInt64 = 1) -> Tensor {
    test(shape: shape, seed: seed)
  }

  /// Numbers between -2 and 2 that are the same in every run.
  public static func test(shape: [Int], seed: UInt64 = 1) -> Tensor {
    let count = shape.reduce(1, *)
    var generator = SplitMix64(seed: seed &* 7919 &+ UInt64(count))
    let scalars = (0..<count).map { _ in Float(generator.uniform() * 4 - 2) }
    return Tensor(scalars, shape: shape)
  }

  /// Positive numbers between 0.25 and 2.25, for logarithms, roots and divisors.
  public static func positive(_ shape: Int..., seed: UInt64 = 1) -> Tensor {
    Tensor(
      test(shape: shape, seed: seed).scalars.map { $0 * 0.5 + 1.25 }, shape: shape)
  }

  /// The entries in double precision, for an oracle.
  public var doubles: [Double] { scalars.map { Double($0) } }
}
