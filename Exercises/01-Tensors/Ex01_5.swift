import ExerciseKit

/// Exercise 1.5 ●●● A step of AdamW (45 minutes).
///
/// Equations (1.4) to (1.6) for one weight. `gradients` are those of steps 1, 2, 3, …; the learning
/// rate, the decay and β₁, β₂, ε stay the same.
///
/// Return the weight after each step, as many numbers as there are gradients.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 1.5"`
public func adamW(
  weight: Double, gradients: [Double], rate: Double, decay: Double, beta1: Double,
  beta2: Double, epsilon: Double
) throws -> [Double] {
  throw Unfinished("1.5")  // TODO: replace this line
}
