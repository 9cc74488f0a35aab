/// The answer to exercise 14.6.
///
/// Why this way: spine s of every pod is joined to the cores from s · k/2 on, k/2 of them, so it has k/2
/// links down and k/2 up. A core is then joined to spines of one number, one in each pod: k links. A
/// leaf has k/2 ways to leave the pod and each of those k/2 more, which is as many as the pod has cards.
public func treeOfThree(radix k: Int) throws -> [(Int, Int)] {
  tree(k) { core, _ in core / (k / 2) }
}

private func tree(
  _ k: Int, isMeshed: Bool = true, spine: (_ core: Int, _ pod: Int) -> Int
) -> [(Int, Int)] {
  let half = k / 2
  let leaves = k * half * half
  let spines = leaves + k * half
  let cores = spines + k * half
  var links = (0..<leaves).map { ($0, leaves + $0 / half) }
  for pod in 0..<k {
    for one in 0..<half {
      for other in 0..<half where isMeshed || one == other {
        links.append((leaves + pod * half + one, spines + pod * half + other))
      }
    }
    for core in 0..<half * half {
      links.append((spines + pod * half + spine(core, pod), cores + core))
    }
  }
  return links
}

/// Wrong answers to exercise 14.6.
public enum Mutants14_6 {
  /// Joins all cores to the first spine of each pod: the right number of links, and no such switch.
  public static func overloads(radix k: Int) throws -> [(Int, Int)] { tree(k) { _, _ in 0 } }

  /// Joins each leaf to one spine.
  public static func thins(radix k: Int) throws -> [(Int, Int)] {
    tree(k, isMeshed: false) { core, _ in core / (k / 2) }
  }

  /// Leaves the cores out.
  public static func forgetsCores(radix k: Int) throws -> [(Int, Int)] {
    let last = k * k * k / 4 + k * k
    return tree(k) { core, _ in core / (k / 2) }.filter { $0.1 < last }
  }

  /// Puts the cards round the leaves in turn, so that their numbers are of another leaf.
  public static func dealsCards(radix k: Int) throws -> [(Int, Int)] {
    let (cards, leaves) = (k * k * k / 4, k * k / 2)
    return tree(k) { core, _ in core / (k / 2) }.map { link in
      link.0 < cards ? (link.0, cards + link.0 % leaves) : link
    }
  }

  /// Joins every link twice.
  public static func doubles(radix k: Int) throws -> [(Int, Int)] {
    let links = tree(k) { core, _ in core / (k / 2) }
    return links + links
  }
}
