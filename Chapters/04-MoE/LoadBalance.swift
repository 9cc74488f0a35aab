import Attention

/// By how much the busiest expert exceeds an even share, as a part of that share.
///
/// MaxVio = (max cᵢ − c̄) / c̄: 0 for even loads, N/K − 1 when K of N experts do all the work.
/// Paper: Wang and others, 2024, "Auxiliary-loss-free load balancing", §4.1.
public func maximalViolation(_ loads: [Int]) -> Double {
  let mean = Double(loads.reduce(0, +)) / Double(max(loads.count, 1))
  guard mean > 0 else { return 0 }
  return (Double(loads.max() ?? 0) - mean) / mean
}

extension Observations {
  /// The mean over the routers of the maximal violation of even loads; nil without routers.
  ///
  /// Of the observations of one batch it is MaxVio_batch, of those of a whole validation set
  /// MaxVio_global.
  public var maximalViolation: Double? {
    guard !loads.isEmpty else { return nil }
    return loads.reduce(0) { $0 + MoE.maximalViolation($1.counts) } / Double(loads.count)
  }
}
