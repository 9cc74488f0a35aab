import ExerciseKit

/// Exercise 3.2 ●● Fold the scale into the weights (15 minutes).
///
/// An engine for latent attention multiplies every score by a number of its own, `engineScale`, and
/// turns with plain cosines and sines. A checkpoint with YaRN wants its scores multiplied by
/// m² / √(contentWidth + rotaryWidth), with m from `mscaleAllDim`, and its cosines and sines – of
/// queries and of keys – by the amplitude of (3.12). Neither of the two constants is zero.
///
/// Return what the content rows and what the rotary rows of the query matrix must be multiplied by,
/// once, so that the engine gives the scores that the checkpoint was trained for.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 3.2"`
public func foldedFactors(
  contentWidth: Int, rotaryWidth: Int, factor: Double, mscale: Double, mscaleAllDim: Double,
  engineScale: Double
) throws -> (content: Double, rotary: Double) {
  throw Unfinished("3.2")  // TODO: replace this line
}
