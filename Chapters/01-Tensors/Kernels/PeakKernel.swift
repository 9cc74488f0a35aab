/// The most arithmetic that one core can do: the yardstick of every speed in this book.
public enum Peak {
  // snippet.peak
  /// Multiplies and adds in twelve registers, `rounds` times, and touches no memory.
  ///
  /// The twelve sums do not wait for each other, so the arithmetic units are always busy.
  /// Each sum c ← (1 − f) + f c comes to rest at 1 when f lies between 0 and 1.
  /// - Returns: the operations done, and a result that keeps the loop from being left out.
  public static func run(rounds: Int, factor: Float) -> (operations: Int, result: Float) {
    let x = Lanes(repeating: factor)
    let y = Lanes(repeating: 1 - factor)
    var c0 = x, c1 = x + 1, c2 = x + 2, c3 = x + 3, c4 = x + 4, c5 = x + 5
    var c6 = x + 6, c7 = x + 7, c8 = x + 8, c9 = x + 9, c10 = x + 10, c11 = x + 11
    for _ in 0..<rounds {
      c0 = adding(y, c0, x); c1 = adding(y, c1, x); c2 = adding(y, c2, x)
      c3 = adding(y, c3, x); c4 = adding(y, c4, x); c5 = adding(y, c5, x)
      c6 = adding(y, c6, x); c7 = adding(y, c7, x); c8 = adding(y, c8, x)
      c9 = adding(y, c9, x); c10 = adding(y, c10, x); c11 = adding(y, c11, x)
    }
    let sum = total(c0 + c1 + c2 + c3) + total(c4 + c5 + c6 + c7) + total(c8 + c9 + c10 + c11)
    return (rounds * 12 * 8 * 2, sum)
  }
  // snippet.end
}
