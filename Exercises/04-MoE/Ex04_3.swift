import ExerciseKit

/// Exercise 4.3 ●● Who hears of a choice (15 minutes).
///
/// Under V3's rules an expert that was not chosen gets no gradient. V2 takes a softmax over *all*
/// experts and does not normalise: s = softmax(ℓ), and gₖ = σ sₖ for the chosen ones.
///
/// Given the gradients ḡ of the chosen weights, return the gradients of all logits ℓ.
///   logits: one for each expert     chosen: numbers of experts     upstream: ḡ, one for each chosen
///
/// Change only the body.    Try it: `swift test --filter "Exercise 4.3"`
public func logitGradients(
  _ logits: [Double], chosen: [Int], scale: Double, upstream: [Double]
) throws -> [Double] {
  throw Unfinished("4.3")  // TODO: replace this line
}
