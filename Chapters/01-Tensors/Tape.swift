/// A recording of what was computed, in order, so that it can be differentiated.
///
/// An operation comes after its operands, so the order of recording is a topological order, and the
/// gradient is one loop over the records from last to first: no recursion, however deep the model.
/// A record keeps only what its pullback needs, and is dropped as soon as it has been used.
public final class Tape {
  /// The shares that flow back to the operands of one record, given the gradient of its results.
  package typealias Pullback = (_ upstream: [Tensor?]) -> [Share]

  // snippet.record
  private struct Record {
    let operation: StaticString
    let results: Range<Int>
    let operands: [Int?]
    let pullback: Pullback
  }
  // snippet.end

  /// Whether operations are recorded; without it the tape only carries values, as in sampling.
  public let isRecording: Bool
  /// How the products with weights are computed; another precision plugs in here.
  public let products: any MatrixProduct
  private var records: [Record] = []
  private var places = 0
  private var leaves: [(parameter: Parameter, place: Int)] = []
  private var placeOfParameter: [ObjectIdentifier: Int] = [:]

  /// Creates an empty tape.
  public init(recording: Bool = true, products: any MatrixProduct = SinglePrecision()) {
    isRecording = recording
    self.products = products
  }

  /// The number of operations on the tape.
  public var count: Int { records.count }

  /// The names of the recorded operations, in order.
  package var operations: [String] { records.map { "\($0.operation)" } }

  /// Puts a value on the tape that needs no gradient.
  public func constant(_ value: Tensor) -> Variable {
    Variable(value: value, tape: self, place: nil)
  }

  /// Puts a value on the tape whose gradient can be asked for.
  public func variable(_ value: Tensor) -> Variable {
    Variable(value: value, tape: self, place: isRecording ? newPlace() : nil)
  }

  /// The weights of a parameter; its gradient is collected under the parameter's identity.
  public subscript(parameter: Parameter) -> Variable {
    guard isRecording else { return constant(parameter.value) }
    let key = ObjectIdentifier(parameter)
    let place = placeOfParameter[key] ?? newPlace()
    if placeOfParameter.updateValue(place, forKey: key) == nil {
      leaves.append((parameter, place))
    }
    return Variable(value: parameter.value, tape: self, place: place)
  }

  private func newPlace() -> Int {
    places += 1
    return places - 1
  }
}

// MARK: Recording

/// What an operation returns to one of its operands.
package enum Share {
  /// No gradient flows, as to an index or a mask.
  case none
  /// A gradient that was computed together with the others.
  case now(Tensor)
  /// A gradient that is computed only if somebody wants it, and that may wait.
  case later(() -> Tensor)
}

extension Tape {
  /// Records an operation with one result.
  ///
  /// Nothing is kept when no operand needs a gradient.
  package func record(
    _ operation: StaticString, _ value: Tensor, from operands: [Variable],
    pullback: @escaping (_ upstream: Tensor) -> [Share]
  ) -> Variable {
    record(operation, [value], from: operands) { upstream in
      upstream[0].map(pullback) ?? []
    }[0]
  }

  /// Records an operation with several results; a result that nobody used has no gradient.
  package func record(
    _ operation: StaticString, _ values: [Tensor], from operands: [Variable],
    pullback: @escaping Pullback
  ) -> [Variable] {
    for operand in operands {
      insist(operand.tape === self, "\(operation): its operands lie on different tapes")
    }
    guard isRecording, operands.contains(where: { $0.place != nil }) else {
      return values.map(constant)
    }
    let first = places
    places += values.count
    records.append(
      Record(
        operation: operation, results: first..<places, operands: operands.map(\.place),
        pullback: pullback))
    return zip(values, first...).map { Variable(value: $0, tape: self, place: $1) }
  }
}

// MARK: Differentiating

extension Tape {
  /// The gradient of a scalar with respect to everything that it was computed from.
  ///
  /// Spends the tape: each record is dropped once its pullback has run, and its memory with it.
  public func gradients(of loss: Variable) -> Gradients {
    insist(loss.value.count == 1, "gradients: \(loss.value.shape) is not a scalar")
    let one = Tensor(repeating: 1, shape: loss.value.shape)
    return differentiate(loss, upstream: one, leavingWeights: false).now()
  }

  /// The gradient of a result whose own gradient is given, with the work on weights left for later.
  ///
  /// The input half of a backward pass is what the next pipeline stage waits for; the weight half
  /// can fill its idle time.
  package func gradients(of result: Variable, upstream: Tensor) -> DeferredGradients {
    differentiate(result, upstream: upstream, leavingWeights: true)
  }

  /// The loop over the records; work that is left keeps alive what it will read.
  private func differentiate(
    _ result: Variable, upstream: Tensor, leavingWeights: Bool
  ) -> DeferredGradients {
    insist(result.tape === self, "gradients: the result lies on another tape")
    var slots = [Tensor?](repeating: nil, count: places)
    var waiting: [(place: Int, work: () -> Tensor)] = []
    let later = leavingWeights ? Set(leaves.map(\.place)) : []
    if let place = result.place { slots[place] = upstream }

    // snippet.differentiate
    while let record = records.popLast() {
      let upstream = record.results.map { slots[$0].take() }
      guard upstream.contains(where: { $0 != nil }) else { continue }
      for (place, share) in zip(record.operands, record.pullback(upstream)) {
        guard let place else { continue }
        switch share {
        case .none: break
        case .now(let tensor) where later.contains(place): waiting.append((place, { tensor }))
        case .now(let tensor): slots[place].add(tensor)
        case .later(let work) where later.contains(place): waiting.append((place, work))
        case .later(let work): slots[place].add(work())
        }
      }
    }
    // snippet.end
    return DeferredGradients(slots: slots, leaves: leaves, waiting: waiting)
  }
}

extension Optional where Wrapped == Tensor {
  mutating func add(_ share: Tensor) {
    if self == nil { self = share } else { self?.add(share) }
  }
}
