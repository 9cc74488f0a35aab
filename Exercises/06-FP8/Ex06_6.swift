import ExerciseKit

/// Exercise 6.6 ●●● Build Hopper's accumulator (45 minutes).
///
/// Return Σ a[i] · b[i] as a tensor core forms it, equations (6.8) and (6.9). a and b are numbers of
/// E4M3, as many of them as a multiple of 32. An instruction takes 32 products and the sum so far:
///
/// 1. A product has the exponent e(a) + e(b), where e is the exponent of the leading bit, but −6 for
///    a subnormal number, below 2⁻⁶. A zero has none. The sum has the exponent of its leading bit.
/// 2. Let E be the largest of the 33. Cut each term, towards zero, to a multiple of 2^(E − 13).
/// 3. Add exactly: `Double` has room. Cut the new sum, towards zero, to 13 bits behind its leading one.
///
/// With an interval, the sum is added to a `Float` after every so many products and begins anew at
/// zero; what is left at the end is added too.
///
/// Change only the body; helper functions are welcome.
/// Try it: `swift test --filter "Exercise 6.6"`
public func tensorCore(
  _ a: [Float], _ b: [Float], promotingEvery interval: Int?
) throws -> Float {
  throw Unfinished("6.6")  // TODO: replace this line
}
