import ExerciseKit

/// Exercise 2.6 ●●● Differentiate one row of attention (60 minutes).
///
/// One query q looks at some keys kⱼ with values vⱼ: sⱼ = τ q · kⱼ, p = softmax(s), o = Σ pⱼ vⱼ. Given
/// the gradient ō of the loss by the output, return its gradients by the query, the keys and the
/// values. With D = ō · o, equations (2.9) and (2.10) read for one row: v̄ⱼ = pⱼ ō,
/// s̄ⱼ = pⱼ (ō · vⱼ − D), q̄ = τ Σ s̄ⱼ kⱼ, k̄ⱼ = τ s̄ⱼ q.
///
/// Change only the body; helper functions are welcome.
/// Try it: `swift test --filter "Exercise 2.6"`
public func rowPullback(
  query: [Double], keys: [[Double]], values: [[Double]], scale: Double, upstream: [Double]
) throws -> (query: [Double], keys: [[Double]], values: [[Double]]) {
  throw Unfinished("2.6")  // TODO: replace this line
}
