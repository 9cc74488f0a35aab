import Tensors

extension NetworkGraph {
  /// Slim Fly: 2q² switches, each a link or two away from every other.
  ///
  /// Switches are (0, x, y) and (1, m, c) modulo a prime q = 4w + 1 with a generator ξ. Let X be the
  /// even powers of ξ and X' the odd ones.
  ///
  ///     (0, x, y) – (0, x, y')  if y − y' ∈ X       (1, m, c) – (1, m, c')  if c − c' ∈ X'
  ///     (0, x, y) – (1, m, c)   if y = m x + c
  ///
  /// McKay, Miller and Širáň, 1998; Besta and Hoefler, 2014.
  public static func slimFly(
    q: Int, cardsPerSwitch: Int, speed: Double = 50e9
  ) -> NetworkGraph {
    insist(
      q % 4 == 1 && (2..<q).allSatisfy { q % $0 > 0 || $0 * $0 > q },
      "slimFly: q = \(q); here it is a prime of the form 4w + 1")
    var graph = NetworkGraph("Slim Fly")
    let cards = graph.add(2 * q * q * cardsPerSwitch, .endpoint)
    let switches = graph.add(2 * q * q, .switch(plane: 0))
    for card in cards {
      graph.join(card, switches.lowerBound + card / cardsPerSwitch, speed: speed)
    }
    func place(_ half: Int, _ a: Int, _ b: Int) -> Int {
      switches.lowerBound + (half * q + a) * q + b
    }
    let powers = powersOfGenerator(modulo: q)
    let sets = (0...1).map { half in
      Set(powers.indices.filter { $0 % 2 == half }.map { powers[$0] })
    }
    for half in 0...1 {
      for a in 0..<q {
        for b in 0..<q {
          for other in b + 1..<max(q, b + 1) where sets[half].contains(other - b) {
            graph.join(place(half, a, b), place(half, a, other), speed: speed)
          }
          if half == 0 {
            for m in 0..<q {
              graph.join(place(0, a, b), place(1, m, (b + q * q - m * a) % q), speed: speed)
            }
          }
        }
      }
    }
    return graph
  }

  /// ξ⁰, ξ¹ … of the least ξ whose powers are all of 1 … q − 1.
  private static func powersOfGenerator(modulo q: Int) -> [Int] {
    for candidate in 2..<q {
      var powers = [1]
      while powers.count < q - 1 {
        let next = powers[powers.count - 1] * candidate % q
        if next == 1 { break }
        powers.append(next)
      }
      if powers.count == q - 1 { return powers }
    }
    return [1]
  }

  /// Dragonfly: groups of a switches that are all joined, and h links from every switch to others.
  ///
  /// A group's a · h ports go to the other groups in turn. Where some are left over, they join
  /// groups at growing distances a second time.
  /// - Parameters:
  ///   - p: the cards of a switch.
  ///   - groups: a · h + 1 unless given, the most with a link between every two.
  public static func dragonfly(
    p: Int, a: Int, h: Int, groups: Int? = nil, speed: Double = 50e9
  ) -> NetworkGraph {
    let count = groups ?? a * h + 1
    insist(
      count > 1 && count <= a * h + 1 && (a * h % (count - 1)).isMultiple(of: 2),
      "dragonfly: \(count) groups of \(a * h) ports; at most one more, and what is left is even"
    )
    var graph = NetworkGraph("Dragonfly")
    let cards = graph.add(count * a * p, .endpoint)
    let first = graph.add(count * a, .switch(plane: 0)).lowerBound
    for card in cards { graph.join(card, first + card / p, speed: speed) }
    func port(_ group: Int, _ number: Int) -> Int { first + group * a + number / h }
    for group in 0..<count {
      for one in 0..<a {
        for other in one + 1..<max(a, one + 1) {
          graph.join(first + group * a + one, first + group * a + other, speed: speed)
        }
      }
      let rounds = a * h / (count - 1)
      for number in 0..<rounds * (count - 1) {
        let (round, step) = (number / (count - 1), number % (count - 1))
        let other = (group + step + 1) % count
        // Each pair once: from the group with the lower number.
        guard group < other else { continue }
        let back = round * (count - 1) + count - 2 - step
        graph.join(port(group, number), port(other, back), speed: speed)
      }
      for pair in 0..<a * h % (count - 1) / 2 {
        let number = rounds * (count - 1) + 2 * pair
        let other = (group + pair + 1) % count
        graph.join(port(group, number), port(other, number + 1), speed: speed)
      }
    }
    return graph
  }
}
