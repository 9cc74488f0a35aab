/// A walk over all entries of a box, and the places of the same entries in two other tensors.
///
/// The box is walked in order; each axis advances the other two by a step of its own, zero where
/// they are stretched. Axes that all three cross evenly are merged: two equal shapes become one
/// long run, a matrix beside a row becomes runs of one row. Hence a loop has two levels at most
/// in the cases that matter, and needs no special ones.
struct Walk {
  private(set) var sizes: [Int] = []
  private(set) var left: [Int] = []
  private(set) var right: [Int] = []
  private let count: Int

  /// The number of entries of one run.
  var length: Int { sizes[sizes.count - 1] }
  /// How far the left tensor advances from entry to entry of a run.
  var leftStep: Int { left[left.count - 1] }
  /// How far the right tensor advances from entry to entry of a run.
  var rightStep: Int { right[right.count - 1] }

  init(shape: [Int], left steps: [Int], right others: [Int]) {
    count = shape.reduce(1, *)
    for (axis, size) in shape.enumerated() where size != 1 {
      let (step, other) = (steps[axis], others[axis])
      let last = sizes.count - 1
      if last >= 0, left[last] == size * step, right[last] == size * other {
        sizes[last] *= size
        left[last] = step
        right[last] = other
      } else {
        sizes.append(size)
        left.append(step)
        right.append(other)
      }
    }
    if sizes.isEmpty { (sizes, left, right) = ([1], [1], [1]) }
  }

  init(shape: [Int], steps: [Int]) { self.init(shape: shape, left: steps, right: steps) }

  /// A walk over tensors of one shape: a single run.
  init(count: Int) {
    self.count = count
    (sizes, left, right) = ([count], [1], [1])
  }

  /// Calls a body with the place in the box and in the two tensors at which each run starts.
  @inline(__always)
  func forEachRun(_ body: (_ start: Int, _ left: Int, _ right: Int) -> Void) {
    let outer = sizes.count - 1
    var index = [Int](repeating: 0, count: outer)
    var start = 0
    var (leftPlace, rightPlace) = (0, 0)
    while start < count {
      body(start, leftPlace, rightPlace)
      start += length
      var axis = outer - 1
      while axis >= 0 {
        index[axis] += 1
        leftPlace += left[axis]
        rightPlace += right[axis]
        if index[axis] < sizes[axis] { break }
        leftPlace -= sizes[axis] * left[axis]
        rightPlace -= sizes[axis] * right[axis]
        index[axis] = 0
        axis -= 1
      }
    }
  }
}
