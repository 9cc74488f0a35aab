import Tensors

/// A layer in which tokens look at earlier tokens.
///
/// Chapter 2 has grouped-query attention; chapter 3 adds latent attention.
public protocol AttentionLayer: Module {
  /// Mixes each row with the earlier rows of its sequence.
  ///
  /// With a cache, the rows are new tokens: what later tokens need of them is appended.
  /// - Shape: [rows, width] → [rows, width]
  func callAsFunction(_ x: Variable, in pass: Pass, cache: (any AttentionCache)?) -> Variable

  /// Makes an empty cache for some sequences.
  func makeCache(sequences: Int) -> any AttentionCache
}

/// What attention keeps of past tokens.
///
/// A class: generation appends to it in place.
public protocol AttentionCache: AnyObject {
  /// The number of tokens kept of each sequence.
  var lengths: [Int] { get }
  /// The numbers kept for one token.
  var numbersPerToken: Int { get }
  /// Forgets all but the first tokens of one sequence.
  func truncate(sequence: Int, to length: Int)
  /// Keeps the sequences named, in that order; one may be named twice and is copied then.
  func select(_ sequences: [Int])
  /// Takes over the sequences of another cache of the same layer, behind its own.
  func absorb(_ other: any AttentionCache)
}

/// A layer that works on each token alone.
///
/// Chapter 2 has one expert for all tokens; chapter 4 adds many.
public protocol FeedForward: Module {
  /// Transforms each row.
  /// - Shape: [rows, width] → [rows, width]
  func callAsFunction(_ x: Variable, in pass: Pass) -> Variable

  /// Learns from what a whole step observed, after the optimizer has moved the weights.
  func adapt(to observations: Observations, _ coefficients: Coefficients)
}

extension FeedForward {
  /// Most layers learn by their gradients alone.
  public func adapt(to observations: Observations, _ coefficients: Coefficients) {}
}
