import ExerciseKit

/// Exercise 3.5 ●●● Decode through a kernel that knows one key (45 minutes).
///
/// An engine holds the cache and shows it to nobody. Its kernel is multi-query attention: it takes a
/// query of width rank + rotaryWidth for each head and a scale, compares all of them with the cached
/// rows [latent; rotary key], and returns for each head the weighted mean of the *latents*.
///
/// Build latent attention for one new token around it. Given the content part and the turned rotary
/// part of each head's query, and the rows of `kv_b_proj` – head by head, `contents[h].count` rows of
/// W^UK and then `valueWidth` rows of W^UV, each of the latent's width – return each head's output.
///
/// Change only the body; helper functions are welcome.
/// Try it: `swift test --filter "Exercise 3.5"`
public func decode(
  contents: [[Double]], rotaries: [[Double]], expansion: [[Double]], valueWidth: Int,
  scale: Double, kernel: (_ queries: [[Double]], _ scale: Double) throws -> [[Double]]
) throws -> [[Double]] {
  throw Unfinished("3.5")  // TODO: replace this line
}
