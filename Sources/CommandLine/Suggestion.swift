/// Ends a message with the known word that is nearest to the one written, if one is near.
///
/// Near means fewer than four edits, and fewer edits than the word has letters: else every
/// short word would be a guess for every other.
func didYouMean(_ written: String, among known: [String]) -> String {
  let distances = known.map { editDistance(written, $0) }
  guard let least = distances.min(), let index = distances.firstIndex(of: least) else {
    return ""
  }
  let letters = written.filter { $0 != "-" }.count
  return least < 4 && least < letters ? " Did you mean '\(known[index])'?" : ""
}

/// Counts the letters to insert, delete or replace to turn one word into another.
package func editDistance(_ first: String, _ second: String) -> Int {
  let (first, second) = (Array(first), Array(second))
  // The row of distances from a prefix of `first` to every prefix of `second`.
  var row = Array(0...second.count)
  for (i, letter) in first.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, other) in second.enumerated() {
      let replaced = diagonal + (letter == other ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
    }
  }
  return row[second.count]
}
