import Tensors

/// The fastest sum that there is: reading is all that it waits for.
package enum ReadKernel {
  /// The sum of all numbers of a tensor.
  package static func sum(_ tensor: Tensor) -> Float {
    var s0 = Sixteen.zero, s1 = Sixteen.zero, s2 = Sixteen.zero, s3 = Sixteen.zero
    let x = tensor.address
    var j = 0
    while j &+ 64 <= tensor.count {
      s0 += load(x + j, as: Sixteen.self)
      s1 += load(x + (j &+ 16), as: Sixteen.self)
      s2 += load(x + (j &+ 32), as: Sixteen.self)
      s3 += load(x + (j &+ 48), as: Sixteen.self)
      j &+= 64
    }
    withExtendedLifetime(tensor) {}
    return total((s0 + s1) + (s2 + s3))
  }
}
