import ExerciseKit

/// Exercise 13.4 ●● Stop where it says (30 minutes).
///
/// A model writes tokens, and tokens are bytes: an "é" may come in two of them, and a stop text in three. Return
/// what a client is sent, one piece behind each token and a last one when the text has ended:
///
/// - The pieces together are the text up to the first stop text, or all of it.
/// - The stop text that is complete first counts, byte by byte; of two that end with the same byte, the longer.
///   How the text was cut into tokens must not matter for the whole. Behind it nothing is sent.
/// - A piece goes as far as it can. Held back is only what may still become a stop text, and the beginning of a
///   character.
///
/// The text is UTF-8, but a limit may have cut its last character: what is left of it is sent at the end as one
/// U+FFFD. No stop text is empty.
///
/// Change only the body; helper functions are welcome.
/// Try it: `swift test --filter "Exercise 13.4"`
public func pieces(of tokens: [[UInt8]], stops: [String]) throws -> [String] {
  throw Unfinished("13.4")  // TODO: replace this line
}
