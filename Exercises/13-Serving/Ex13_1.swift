import ExerciseKit

/// Exercise 13.1 ● What a token weighs (10 minutes).
///
/// A token that is decoded reads every weight that it uses, once. V3 uses 37·10⁹ of its weights for a token.
/// Predict, each within half a per cent:
///
/// - `bits`: what a weight takes as an integer of four bits, if 32 neighbours share a scale of 16 bits;
/// - `bitsWithZero`: the same with a zero point of four bits beside each scale;
/// - `tokensPerSecond`: how many tokens of one text a machine writes at most, if its memory delivers
///   50·10⁹ bytes a second and the 37·10⁹ weights lie in the first of these two forms;
/// - `experts`: how many of a layer's 256 experts are read in a step, on average, when 16 texts are
///   written together, each token uses 8, and every choice of 8 is equally likely;
/// - `saved`: the share of the cache that V2 saves, with 34 560 numbers of 6 bits a token, beside a model
///   with 194 560 numbers of 16 bits;
/// - `savedAtEqualBits`: the same with 16 bits for both.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 13.1"`
public func tokenWeight() throws -> (
  bits: Double, bitsWithZero: Double, tokensPerSecond: Double, experts: Double, saved: Double,
  savedAtEqualBits: Double
) {
  throw Unfinished("13.1")  // TODO: replace this line
}
