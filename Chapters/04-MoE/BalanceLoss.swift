import Attention
import Checkpoints
import Tensors

/// The losses that pull a router towards even loads, each with its weight.
///
/// All have one form. What was counted is a constant; the gradient flows through the mean affinity
/// P alone:
///
///     α₁ Σᵢ fᵢ Pᵢ + α₂ Σ_d f′_d P′_d + α₃ Σ_d f″_d P″_d,  P′_d = P″_d = Σ Pᵢ over the device's experts
///
/// so together they are Σᵢ cᵢ Pᵢ with one number c for each expert. Even loads make each sum 1.
/// Papers: DeepSeekMoE eq. 12–17; V2 eq. 23–31; V3 eq. 17–20.
public struct BalanceLoss: Sendable, Equatable {
  /// α₁ of V2 and α of V3: evens out the experts.
  public var experts: Float
  /// α₂: evens out the devices, which are the groups of experts.
  public var devices: Float
  /// α₃: evens out what devices receive.
  public var communication: Float
  /// Whether loads are counted in each sequence, rather than over all rows of a pass.
  public var isSequencewise: Bool

  /// Creates the weights.
  public init(
    experts: Float, devices: Float = 0, communication: Float = 0, isSequencewise: Bool = true
  ) {
    self.experts = experts
    self.devices = devices
    self.communication = communication
    self.isSequencewise = isSequencewise
  }

  /// What DeepSeek-V2 was trained with (§3.1.2).
  public static let v2 = BalanceLoss(experts: 0.003, devices: 0.05, communication: 0.02)
  /// What DeepSeek-V3 was trained with, beside its bias (§4.2).
  public static let v3 = BalanceLoss(experts: 0.0001)

  // snippet.balance-loss
  /// The loss of a routing, averaged over its sequences.
  public func callAsFunction(
    _ routing: Routing, _ sizes: ExpertSizes, _ sequences: Sequences
  ) -> Variable {
    let length = isSequencewise ? sequences.length : sequences.rows
    // V3's equation counts the best affinities, whatever bias and groups have made of them.
    let counted =
      sizes.selection == .biased
      ? sizes.ungrouped.choice(routing.affinities.value) : routing.experts
    let span = length * sizes.active
    let slopes = stride(from: 0, to: counted.count, by: span).flatMap {
      self.slopes(counted[$0..<min($0 + span, counted.count)], sizes)
    }
    return routing.affinities.balance(slopes: slopes, length: length)
  }
  // snippet.end

  /// c, the sum of what the three losses multiply an expert's mean affinity with.
  private func slopes(_ choice: ArraySlice<Int>, _ sizes: ExpertSizes) -> [Float] {
    let tokens = Double(choice.count / sizes.active)
    let size = sizes.count / sizes.groups
    var loads = [Double](repeating: 0, count: sizes.count)
    var visits = [Double](repeating: 0, count: sizes.groups)
    for start in stride(from: choice.startIndex, to: choice.endIndex, by: sizes.active) {
      let own = choice[start..<start + sizes.active]
      for expert in own { loads[expert] += 1 }
      for group in visits.indices where own.contains(where: { $0 / size == group }) {
        visits[group] += 1
      }
    }
    let even = tokens * Double(sizes.active) / Double(sizes.count)
    let evenVisits = tokens * Double(sizes.activeGroups) / Double(sizes.groups)
    return loads.indices.map { expert in
      let group = expert / size
      let device = loads[group * size..<(group + 1) * size].reduce(0, +) / Double(size)
      let frequency = Double(experts) * loads[expert] / even
      let deviceFrequency = Double(devices) * device / even
      let visitFrequency = Double(communication) * visits[group] / evenVisits
      return Float(frequency + deviceFrequency + visitFrequency)
    }
  }
}

extension ExpertSizes {
  /// The same sizes without bias and groups.
  var ungrouped: ExpertSizes {
    var sizes = self
    sizes.selection = .greedy
    return sizes
  }
}

extension Variable {
  /// The mean over all rows of Σᵢ cᵢ s′ᵢ, where s′ = s / Σⱼ sⱼ are the affinities as shares.
  ///
  /// s̄ᵢ = (cᵢ − Σⱼ cⱼ s′ⱼ) / (rows · Σⱼ sⱼ) times the gradient of the mean. Affinities of a softmax
  /// sum to one already, and dividing by one does no harm.
  /// - Parameters:
  ///   - slopes: c, a row of experts for each run of rows.
  ///   - length: the rows of a run.
  /// - Shape: [tokens, experts] → []
  public func balance(slopes: [Float], length: Int) -> Variable {
    let affinities = value
    let mean = affinities.balance(slopes, length)
    return tape.record("balance", Tensor(mean), from: [self]) { upstream in
      [.later { affinities.balanceShares(slopes, length, upstream.scalar) }]
    }
  }
}
