import ExerciseKit

/// Exercise 1.1 ● Count the work (5 minutes).
///
/// Predict two numbers before you run anything. A matrix product `[m, k] × [k, n]` makes `m · n`
/// results, each from `k` multiplications and `k` additions.
///
/// Return how many floating-point operations the product `[64, 128] × [128, 256]` takes, and how
/// many GFLOP/s (10⁹ operations a second) it runs at when it takes 0.1 milliseconds.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 1.1"`
public func productWork() throws -> (operations: Int, gigaflops: Double) {
  throw Unfinished("1.1")  // TODO: replace this line
}
