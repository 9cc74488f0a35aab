/// A queue that gives its smallest key first, in a number of steps that grows with the logarithm.
///
/// A complete binary tree in one array: the children of place p are at 2p + 1 and 2p + 2, and no
/// child is smaller than its parent.
struct MinHeap: Sendable {
  private var keys: [UInt128] = []

  /// How often a key has moved a level so far, the measure of work that the tests bound.
  private(set) var moves = 0

  /// Adds a key.
  mutating func push(_ key: UInt128) {
    var place = keys.count
    keys.append(key)
    while place > 0 {
      let parent = (place - 1) / 2
      guard key < keys[parent] else { break }
      keys[place] = keys[parent]
      place = parent
      moves += 1
    }
    keys[place] = key
  }

  /// Removes the smallest key and returns it.
  mutating func pop() -> UInt128? {
    guard let smallest = keys.first, let key = keys.popLast() else { return nil }
    guard !keys.isEmpty else { return smallest }
    var place = 0
    while true {
      var child = 2 * place + 1
      guard child < keys.count else { break }
      if child + 1 < keys.count, keys[child + 1] < keys[child] { child += 1 }
      guard keys[child] < key else { break }
      keys[place] = keys[child]
      place = child
      moves += 1
    }
    keys[place] = key
    return smallest
  }
}
