/// A loop that touches no memory: the most multiplications and additions that one core can do.
///
/// Twelve sums in the widest vectors are as many as fit into sixteen registers with their factors, and
/// enough that the next fused multiply-add need not wait for the last one of the same sum.
public enum PeakKernel {
  /// The arithmetic operations of one round.
  public static let operationsPerRound = 12 * Widest.scalarCount * 2

  // snippet.peak
  /// Does some rounds, and returns a number that depends on all of them so that none is left out.
  public static func run(rounds: Int, factor: Float) -> Float {
    let a = Widest(repeating: factor)
    let b = Widest(repeating: 1 - factor)
    var s0 = a, s1 = a, s2 = a, s3 = a, s4 = a, s5 = a
    var s6 = b, s7 = b, s8 = b, s9 = b, s10 = b, s11 = b
    for _ in 0..<rounds {
      s0 = adding(b, s0, a); s1 = adding(b, s1, a); s2 = adding(b, s2, a)
      s3 = adding(b, s3, a); s4 = adding(b, s4, a); s5 = adding(b, s5, a)
      s6 = adding(b, s6, a); s7 = adding(b, s7, a); s8 = adding(b, s8, a)
      s9 = adding(b, s9, a); s10 = adding(b, s10, a); s11 = adding(b, s11, a)
    }
    let low = ((s0 + s1) + (s2 + s3)) + (s4 + s5)
    let high = ((s6 + s7) + (s8 + s9)) + (s10 + s11)
    return total(low + high)
  }
  // snippet.end
}
