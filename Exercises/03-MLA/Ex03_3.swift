import ExerciseKit
import Foundation

/// Exercise 3.3 ●● Repair what is kept of a token (15 minutes).
///
/// A row of `kv_a_proj_with_mqa` holds the latent and behind it the rotary key. The cache keeps the
/// latent after its norm, and the key after its rotation in neighbouring pairs; the norm has a weight
/// for each entry of the latent.
///
/// The code below runs, and its model trains if it was trained with the same fault. It spoils any
/// checkpoint. Uncomment it, run the test, and repair what is wrong.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 3.3"`
public func kept(
  of row: [Double], normWeight: [Double], position: Int, frequencies: [Double]
) throws -> (latent: [Double], key: [Double]) {
  throw Unfinished("3.3")  // TODO: replace this line by the repaired lines below
  // let rank = normWeight.count
  // let meanSquare = row.reduce(0) { $0 + $1 * $1 } / Double(row.count)
  // let normalized = row.map { $0 / (meanSquare + 1e-6).squareRoot() }
  // let latent = zip(normalized[..<rank], normWeight).map { $0 * $1 }
  // var key = Array(normalized[rank...])
  // for (pair, frequency) in frequencies.enumerated() {
  //   let angle = Double(position) * frequency
  //   let (a, b) = (key[2 * pair], key[2 * pair + 1])
  //   key[2 * pair] = a * cos(angle) - b * sin(angle)
  //   key[2 * pair + 1] = a * sin(angle) + b * cos(angle)
  // }
  // return (latent, key)
}
