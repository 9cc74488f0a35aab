import Checkpoints
import Tensors

/// The loop that chooses the experts of each token.
package struct SelectionKernel: Sendable {
  private let sizes: ExpertSizes
  private let groups, groupSize: Int

  package init(_ sizes: ExpertSizes) {
    self.sizes = sizes
    groups = sizes.limitsGroups ? sizes.groups : 1
    groupSize = sizes.count / groups
  }

  /// The numbers of the chosen experts, token by token, the best first.
  package func choose(_ affinities: Tensor, bias: Tensor?) -> [Int] {
    insist(
      affinities.columns == sizes.count && (bias.map { $0.count == sizes.count } ?? true),
      "choice: affinities \(affinities.shape) and bias \(bias?.shape ?? []) for \(sizes.count) experts"
    )
    let rows = affinities.rows
    return Array(unsafeUninitializedCapacity: rows * sizes.active) { buffer, count in
      count = rows * sizes.active
      guard let base = buffer.baseAddress else { return }
      nonisolated(unsafe) let (out, scores, shift) = (base, affinities.address, bias?.address)
      Rows.forEachBlock(rows, work: rows * sizes.count * 8) { _, range in
        let scratch = Tensor(uninitialized: [sizes.count + groups + sizes.active + groups])
        var groupOrder = [Int](repeating: 0, count: groups)
        for row in range {
          choose(
            scores + row * sizes.count, shift, scratch.fresh, &groupOrder,
            into: out + row * sizes.active)
        }
      }
      withExtendedLifetime((affinities, bias)) {}
    }
  }

  private func choose(
    _ affinity: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?,
    _ scratch: UnsafeMutablePointer<Float>, _ groupOrder: inout [Int],
    into out: UnsafeMutablePointer<Int>
  ) {
    let (rank, groupRank) = (scratch, scratch + sizes.count)
    let best = groupRank + groups
    for expert in 0..<sizes.count {
      rank[expert] = bias.map { affinity[expert] + $0[expert] } ?? affinity[expert]
    }
    // snippet.losing-groups
    if groups > 1 {
      for group in 0..<groups {
        groupRank[group] = score(of: rank + group * groupSize)
      }
      groupOrder.withUnsafeMutableBufferPointer { order in
        guard let order = order.baseAddress else { return }
        Self.top(groups, of: groups, groupRank, best, into: order)
        for place in sizes.activeGroups..<groups {
          (rank + order[place] * groupSize).update(repeating: -.infinity, count: groupSize)
        }
      }
    }
    Self.top(sizes.active, of: sizes.count, rank, best, into: out)
    // snippet.end
  }

  // snippet.group-score
  /// V2 ranks a group by its best expert, V3 by the sum of its two best.
  private func score(of group: UnsafePointer<Float>) -> Float {
    var (first, second) = (-Float.infinity, -Float.infinity)
    for expert in 0..<groupSize {
      if group[expert] > first {
        (first, second) = (group[expert], first)
      } else if group[expert] > second {
        second = group[expert]
      }
    }
    return sizes.selection == .biased ? first + second : first
  }
  // snippet.end

  /// The places of the largest numbers, largest first; a later number must be larger to pass.
  @inline(__always)
  private static func top(
    _ k: Int, of count: Int, _ numbers: UnsafePointer<Float>,
    _ best: UnsafeMutablePointer<Float>, into places: UnsafeMutablePointer<Int>
  ) {
    var filled = 0
    for index in 0..<count {
      let number = numbers[index]
      if filled == k && !(number > best[k - 1]) { continue }
      var place = min(filled, k - 1)
      while place > 0 && number > best[place - 1] {
        best[place] = best[place - 1]
        places[place] = places[place - 1]
        place -= 1
      }
      best[place] = number
      places[place] = index
      filled = min(filled + 1, k)
    }
  }
}
