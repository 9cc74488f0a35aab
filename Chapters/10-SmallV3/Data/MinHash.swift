import Tensors

/// A short signature of a set, from which the likeness of two sets can be told.
///
/// Each of its numbers is the least of a hash over the set. Two sets agree in one number with a
/// chance that is their Jaccard index |A ∩ B| / |A ∪ B|, so rows of agreeing numbers are rare
/// among sets that are unlike.
/// Paper: Broder, 1997, "On the resemblance and containment of documents".
public struct MinHash: Sendable {
  private let keys: [UInt64]

  /// Creates so many hash functions; the same for the same seed.
  public init(count: Int, seed: UInt64 = 0) {
    insist(count > 0, "MinHash: \(count) hash functions")
    var generator = SplitMix64(seed: seed)
    keys = (0..<count).map { _ in generator.next() }
  }

  /// The least hashes of a set, a number for each function.
  public func signature(of set: Set<UInt64>) -> [UInt32] {
    var least = [UInt32](repeating: .max, count: keys.count)
    for element in set {
      for index in least.indices {
        // The scrambling of SplitMix64, shortened.
        var hash = (element ^ keys[index]) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ (hash >> 29)) &* 0x94D0_49BB_1331_11EB
        least[index] = min(least[index], UInt32(truncatingIfNeeded: hash >> 32))
      }
    }
    return least
  }

  /// |A ∩ B| / |A ∪ B|; two empty sets are alike.
  public static func jaccard(_ a: Set<UInt64>, _ b: Set<UInt64>) -> Double {
    let (small, large) = a.count < b.count ? (a, b) : (b, a)
    let common = small.reduce(0) { $0 + (large.contains($1) ? 1 : 0) }
    let union = a.count + b.count - common
    return union == 0 ? 1 : Double(common) / Double(union)
  }
}
