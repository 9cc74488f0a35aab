import ExerciseKit

/// Exercise 5.4 ●● Repair a joint (15 minutes).
///
/// A program loads the released weights of V3's module and drafts nonsense. The code below computes
/// what enters the module's block, h′ = M [norm(Emb) ; norm(h)], from the residual stream of the
/// model after its last block. `finalNorm` is the weight of `model.norm`, the other norms are
/// `hnorm` and `enorm`, `projection` is `eh_proj`, a row for each output.
///
/// Two things are wrong with it; the shapes are right, and nothing crashes. Uncomment it, run the
/// test, and repair them. `rms(x, w)` is x / √(mean x²), times w entry by entry.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 5.4"`
public func joint(
  stream: [Double], finalNorm: [Double], hiddenNorm: [Double], embedding: [Double],
  embeddingNorm: [Double], projection: [[Double]]
) throws -> [Double] {
  throw Unfinished("5.4")  // TODO: replace this line by the repaired lines below
  // let hidden = rms(stream, hiddenNorm)
  // let token = rms(embedding, embeddingNorm)
  // let both = hidden + token
  // return projection.map { row in zip(row, both).reduce(0) { $0 + $1.0 * $1.1 } }
}

/// x / √(mean x²), times w entry by entry.
public func rms(_ x: [Double], _ w: [Double]) -> [Double] {
  let square = x.reduce(0) { $0 + $1 * $1 } / Double(x.count)
  return zip(x, w).map { $0 / square.squareRoot() * $1 }
}
