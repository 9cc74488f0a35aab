import Tensors

extension ExpertExchange {
  /// Sends each row to the ranks of its experts; on the way back through a combine, the
  /// gradient.
  ///
  /// Rows are rounded once, where they start, also those that stay.
  /// - Shape: [tokens, width] → [rows of the route, width], in the order of the ranks
  public func dispatch(
    _ x: Tensor, along route: ExpertRoute, as format: RowFormat = .single
  ) throws(ClusterError) -> Tensor {
    insist(
      x.shape.count == 2 && x.shape[0] == route.tokens,
      "dispatch: \(x.shape) for a route of \(route.tokens) tokens")
    let packed = PackedRows(x, as: format)
    for other in 0..<fabric.nodes where other != node {
      try send(packed.gathered(at: route.sent[other]), to: twin(in: other), over: Self.between)
    }
    var parts: [Tensor] = []
    for source in 0..<fabric.nodes {
      let copies =
        source == node
        ? packed.gathered(at: route.sent[node])
        : try rank.receive(from: twin(in: source), over: Self.between)
      for place in 0..<fabric.ranksPerNode where place != self.place {
        try send(
          copies.gathered(at: route.handed[source][place]), to: neighbour(place),
          over: Self.inside)
      }
      for place in 0..<fabric.ranksPerNode {
        let part =
          place == self.place
          ? copies.gathered(at: route.handed[source][place])
          : try rank.receive(from: neighbour(place), over: Self.inside)
        parts.append(part.tensor)
      }
    }
    return .concatenated(parts, along: 0)
  }

  /// Sends the rows of experts back and adds those of each token; the reverse of a dispatch.
  ///
  /// The sum has no weights: whoever wants some multiplies before. Two sums are taken, where
  /// the copies were made: in a token's node of experts, by the rank of its own place, over the
  /// places in order; and at home, over the nodes in order. Each sum is rounded before it
  /// travels on.
  /// - Shape: [rows of the route, width] → [tokens, width]
  public func combine(
    _ y: Tensor, along route: ExpertRoute, as format: RowFormat = .single
  ) throws(ClusterError) -> Tensor {
    insist(
      y.shape.count == 2 && y.shape[0] == route.rows,
      "combine: \(y.shape) for a route of \(route.rows) rows")
    var own = Tensor(shape: [route.sent[node].count, y.columns])
    for source in 0..<fabric.nodes {
      let parts = (0..<fabric.ranksPerNode).map { place in
        let home = fabric.rank(node: source, place: place)
        return PackedRows(y.rows(route.range(from: home)), as: format)
      }
      for place in 0..<fabric.ranksPerNode where place != self.place {
        try send(parts[place], to: neighbour(place), over: Self.sumsInside)
      }
      let sum = try partialSum(
        parts[place], along: route.handed[source], rows: route.copied[source], y.columns)
      if source == node {
        own = sum
      } else {
        try send(PackedRows(sum, as: format), to: twin(in: source), over: Self.sumsBetween)
      }
    }
    var result = Tensor(shape: [route.tokens, y.columns])
    for other in 0..<fabric.nodes {
      let part =
        other == node
        ? own : try rank.receive(from: twin(in: other), over: Self.sumsBetween).tensor
      result.add(part.scatterAdded(to: route.sent[other], rows: route.tokens))
    }
    return result
  }

  /// Adds what the places of this node return for the copies that one rank sent here.
  private func partialSum(
    _ own: PackedRows, along handed: [[Int]], rows: Int, _ width: Int
  ) throws(ClusterError) -> Tensor {
    var sum = Tensor(shape: [rows, width])
    for place in 0..<fabric.ranksPerNode {
      let part =
        place == self.place
        ? own : try rank.receive(from: neighbour(place), over: Self.sumsInside)
      sum.add(part.tensor.scatterAdded(to: handed[place], rows: rows))
    }
    return sum
  }

  private func send(
    _ rows: PackedRows, to other: Int, over line: Line<PackedRows>
  ) throws(ClusterError) {
    try rank.send(rows, to: other, over: line, bytes: rows.byteCount)
  }
}
