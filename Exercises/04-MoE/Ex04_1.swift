import ExerciseKit

/// Exercise 4.1 ● What a layer holds and what a token uses (5 minutes).
///
/// Predict three numbers before you run anything. In DeepSeek-V3 rows are 7168 wide. A layer has 256
/// routed experts and one shared one; each is a SwiGLU whose inner width is 2048. A token visits
/// eight routed experts.
///
/// Return how many weights the experts of one layer have, how many of them one token meets, and how
/// many rows a routed expert gets from a batch of 4096 tokens when loads are even. Leave the router
/// out.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 4.1"`
public func expertLayer() throws -> (stored: Int, used: Int, rows: Int) {
  throw Unfinished("4.1")  // TODO: replace this line
}
