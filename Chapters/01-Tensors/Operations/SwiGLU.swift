extension Variable {
  /// Gates another variable: the SiLU of this one times the other, entry by entry.
  ///
  /// y = g σ(g) u. Paper: Shazeer, 2020, "GLU variants improve transformer".
  public func swiGLU(_ other: Variable) -> Variable {
    insist(shape == other.shape, "swiGLU: \(shape) and \(other.shape) must agree")
    let (g, u) = (value, other.value)
    return tape.record("swiGLU", g.swiGLU(u), from: [self, other]) { upstream in
      let share = g.swiGLUPullback(upstream, u)
      return [.now(share.gate), .now(share.up)]
    }
  }
}
