import ExerciseKit

/// Exercise 14.4 ●● What a card remembers (20 minutes).
///
/// The bytes of weights, gradients and optimizer on one card. It holds `common` weights that every card
/// with its layers has too, and of each of its layers' routed experts, `experts` weights together, a
/// share: experts are spread over `spread` cards.
///
/// A weight takes 1 byte to multiply with (leave scales out), 4 for its gradient, 4 for its master copy
/// and 2 for each of two moments. Under ZeRO-1 the cards that hold the same weight share out its master
/// copy and its moments, and nothing else. There are `pipelines` pipelines, and under DualPipe each
/// holds every stage twice.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 14.4"`
public func bytesOfWeights(
  common: Double, experts: Double, spread: Double, pipelines: Double
) throws -> Double {
  throw Unfinished("14.4")  // TODO: replace this line
}
