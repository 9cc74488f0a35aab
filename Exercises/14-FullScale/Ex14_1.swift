import ExerciseKit

/// Exercise 14.1 ● Four numbers of V3 (10 minutes).
///
/// Predict, with a pencil, before you run anything:
///
/// - how many bytes one token leaves in the cache, with a latent of 512 numbers and a rotary key of
///   64, in 61 layers and two bytes a number;
/// - how many days 2048 cards take for a trillion tokens, at 180 thousand hours of a card;
/// - how many routed experts a card has in each layer, when 256 of them and 32 copies are spread over
///   144 cards;
/// - how many tokens a second a text gets at most, when 32 rows of 7000 numbers go to 9 experts in one
///   byte and come back in two, over 50 GB/s, twice in each of 61 layers.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 14.1"`
public func fourNumbers() throws -> (bytes: Int, days: Double, experts: Int, rate: Double) {
  throw Unfinished("14.1")  // TODO: replace this line
}
