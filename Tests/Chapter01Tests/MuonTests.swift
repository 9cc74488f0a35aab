import Foundation
import Tensors
import Testing

/// A matrix of doubles, for the slow second way.
private struct Plain {
  var rows: [[Double]]

  init(_ rows: [[Double]]) { self.rows = rows }
  init(_ tensor: Tensor) {
    let (width, scalars) = (tensor.columns, tensor.scalars.map(Double.init))
    rows = (0..<tensor.rows).map { Array(scalars[$0 * width..<($0 + 1) * width]) }
  }

  var transposed: Plain { Plain(rows[0].indices.map { j in rows.map { $0[j] } }) }
  var length: Double { rows.joined().reduce(0) { $0 + $1 * $1 }.squareRoot() }
  var flat: [Double] { Array(rows.joined()) }

  static func * (a: Plain, b: Plain) -> Plain {
    let columns = b.transposed.rows
    return Plain(
      a.rows.map { row in columns.map { zip(row, $0).reduce(0) { $0 + $1.0 * $1.1 } } })
  }

  static func * (a: Double, b: Plain) -> Plain { Plain(b.rows.map { $0.map { a * $0 } }) }

  static func + (a: Plain, b: Plain) -> Plain {
    Plain(zip(a.rows, b.rows).map { zip($0, $1).map { $0 + $1 } })
  }

  /// Newton–Schulz as the paper has it: a tall matrix is transposed before and after.
  var orthogonalized: Plain {
    let isTall = rows.count > rows[0].count
    var x = (1 / Swift.max(length, 1e-7)) * (isTall ? transposed : self)
    for _ in 0..<5 {
      let square = x * x.transposed
      x = 3.4445 * x + (-4.775 * square + 2.0315 * (square * square)) * x
    }
    return isTall ? x.transposed : x
  }

  /// The rows made orthonormal, one after the other (Gram and Schmidt).
  var orthonormalRows: Plain {
    var done: [[Double]] = []
    for row in rows {
      var row = row
      for other in done {
        let overlap = zip(row, other).reduce(0) { $0 + $1.0 * $1.1 }
        row = zip(row, other).map { $0 - overlap * $1 }
      }
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      done.append(row.map { $0 / length })
    }
    return Plain(done)
  }

  func tensor() -> Tensor {
    Tensor(flat.map { Float($0) }, shape: [rows.count, rows[0].count])
  }
}

private func random(_ shape: [Int], seed: UInt64) -> Tensor {
  var generator = SplitMix64(seed: seed)
  return .normal(shape: shape, using: &generator)
}

@Suite struct `Newton–Schulz` {
  @Test func `acts on each singular value by itself`() {
    // A diagonal matrix shows its singular values: each follows 3.4445 s − 4.775 s³ + 2.0315 s⁵.
    let values = [1, 0.6, 0.3, 0.1]
    let matrix = Plain(
      values.indices.map { i in values.indices.map { $0 == i ? values[i] : 0 } })
    let result = matrix.tensor().orthogonalized()
    for i in 0..<4 {
      var s = values[i] / matrix.length
      for _ in 0..<5 { s = 3.4445 * s - 4.775 * pow(s, 3) + 2.0315 * pow(s, 5) }
      #expect(abs(Double(result[i, i]) - s) < 1e-5)
      for j in 0..<4 where j != i { #expect(result[i, j] == 0) }
    }
  }

  @Test func `brings every singular value above a hundredth near to one`() {
    let size = 40
    let values = (0..<size).map { pow(0.04, Double($0) / Double(size - 1)) }
    let matrix = Plain((0..<size).map { i in (0..<size).map { $0 == i ? values[i] : 0 } })
    #expect(values[size - 1] / matrix.length > 0.01)
    let result = matrix.tensor().orthogonalized()
    for i in 0..<size { #expect(result[i, i] > 0.68 && result[i, i] < 1.135) }
  }

  @Test(arguments: [[4, 9], [9, 4], [6, 6]])
  func `keeps the directions and levels the lengths`(shape: [Int]) {
    // G = Uᵀ S V with known U and V: in their axes the result is diagonal again.
    let small = Swift.min(shape[0], shape[1])
    let u = Plain(random([small, shape[0]], seed: 1)).orthonormalRows
    let v = Plain(random([small, shape[1]], seed: 2)).orthonormalRows
    let values = (0..<small).map { pow(0.5, Double($0)) }
    let s = Plain((0..<small).map { i in (0..<small).map { $0 == i ? values[i] : 0 } })
    let result = Plain((u.transposed * s * v).tensor().orthogonalized())
    let seen = u * result * v.transposed
    for i in 0..<small {
      #expect(seen.rows[i][i] > 0.68 && seen.rows[i][i] < 1.135)
      for j in 0..<small where j != i { #expect(abs(seen.rows[i][j]) < 1e-4) }
    }
    #expect(
      abs((result + -1 * (u.transposed * seen * v)).length) < 1e-4, "nothing outside U, V")
  }

  @Test(arguments: [[6, 10], [10, 6], [7, 7], [1, 5], [5, 1]])
  func `agrees with the formula in Double`(shape: [Int]) {
    let matrix = random(shape, seed: 11)
    let expected = Plain(matrix).orthogonalized.flat
    #expect(worst(matrix.orthogonalized().scalars, expected) < 2e-5)
  }

  @Test func `is odd, and blind to the length`() {
    let matrix = random([5, 8], seed: 3)
    var (opposite, longer) = (matrix, matrix)
    opposite.scale(by: -1)
    longer.scale(by: 64)
    var expected = matrix.orthogonalized()
    #expect(longer.orthogonalized() == expected)
    expected.scale(by: -1)
    #expect(opposite.orthogonalized() == expected)
  }

  @Test func `commutes with transposition`() {
    let matrix = random([5, 8], seed: 4)
    let other = Plain(matrix).transposed.tensor().orthogonalized()
    #expect(worst(matrix.orthogonalized().scalars, Plain(other).transposed.flat) < 1e-5)
  }

  @Test func `leaves zero at zero`() {
    #expect(Tensor(shape: [3, 4]).orthogonalized() == Tensor(shape: [3, 4]))
  }
}

@Suite struct `A step of Muon` {
  static let shapes: KeyValuePairs<String, [Int]> = [
    "wide.weight": [3, 8], "square.weight": [5, 5], "tall.weight": [8, 3],
  ]

  @Test func `follows the formulas in Double`() {
    let parameters = exactParameters(Self.shapes)
    var optimizer = Muon(parameters, rate: 0.02, decay: 0.1)
    for step in 1...5 { optimizer.step(exactGradients(parameters, step: step), factor: 0.5) }
    for (name, parameter) in parameters {
      let shape = parameter.shape
      var weight = Plain(Exact.start(shape))
      var momentum = 0 * weight
      let scale = Swift.max(1, Double(shape[0]) / Double(shape[1])).squareRoot()
      for step in 1...5 {
        let gradient = Plain(Exact.gradient(shape, step: step))
        momentum = 0.95 * momentum + 0.05 * gradient
        let direction = (0.95 * momentum + 0.05 * gradient).orthogonalized
        weight = (1 - 0.01 * 0.1) * weight + (-0.01 * scale) * direction
      }
      #expect(worst(parameter.value.scalars, weight.flat) < 1e-5, "\(name)")
    }
  }

  @Test func `agrees with PyTorch, which rounds the products to eight bits`() throws {
    // torch.optim.Muon with adjust_lr_fn "original" has our scale; its other settings are
    // 0.2 √max(rows, columns), which matches the size of AdamW's steps, and √(rows/columns).
    let reference = try OptimizerReference.load().muon
    let parameters = exactParameters(Self.shapes)
    var optimizer = Muon(parameters, rate: 0.02, decay: 0.1)
    for step in 1...5 { optimizer.step(exactGradients(parameters, step: step)) }
    for ((name, parameter), momentum) in zip(parameters, optimizer.state.map(\.tensor)) {
      let run = try #require(reference[String(name.dropLast(7))])
      #expect(worst(momentum.scalars, run.momentum.map(Double.init)) < 1e-6, "\(name)")
      // Five steps of 0.02 move a weight by up to 0.1; bfloat16 keeps two to three digits of that.
      #expect(worst(parameter.value.scalars, run.weight.map(Double.init)) < 4e-3, "\(name)")
    }
  }

  @Test func `moves maps that share a matrix as it would move them apart`() {
    let together = exactParameters(["both.weight": [9, 4]])
    together[0].parameter.maps = [6, 3]
    let start = together[0].parameter.value
    let apart = [("tall.weight", 0..<6), ("wide.weight", 6..<9)].map { name, rows in
      (name: name, parameter: Parameter(start.rows(rows)))
    }
    var (one, two) = (Muon(together, decay: 0.1), Muon(apart, decay: 0.1))
    for step in 1...4 {
      let gradients = exactGradients(together, step: step)
      one.step(gradients)
      guard let gradient = gradients[together[0].parameter] else {
        Issue.record("no gradient")
        return
      }
      var pieces = Gradients()
      pieces[apart[0].parameter] = gradient.rows(0..<6)
      pieces[apart[1].parameter] = gradient.rows(6..<9)
      two.step(pieces)
    }
    let moved = together[0].parameter.value
    #expect(moved.rows(0..<6) == apart[0].parameter.value)
    #expect(moved.rows(6..<9) == apart[1].parameter.value)
    #expect(moved.rows(6..<9) != start.rows(6..<9))
  }

  @Test func `leaves what is no hidden matrix to AdamW`() {
    let shapes: KeyValuePairs<String, [Int]> = [
      "model.embed_tokens.weight": [6, 4], "lm_head.weight": [6, 4], "model.norm.weight": [4],
    ]
    let (ours, theirs) = (exactParameters(shapes), exactParameters(shapes))
    let hidden = exactParameters(["model.layers.0.up_proj.weight": [4, 4]])
    var muon = Muon(ours + hidden, restRate: 0.03, decay: 0.2)
    var adamW = AdamW(theirs, rate: 0.03, decay: 0.2)
    for step in 1...3 {
      muon.step(exactGradients(ours + hidden, step: step), factor: 0.5)
      adamW.step(exactGradients(theirs, step: step), factor: 0.5)
    }
    #expect(ours.map(\.parameter.value) == theirs.map(\.parameter.value))
    #expect(muon.state[0].name == "model.layers.0.up_proj.weight.momentum")
    #expect(muon.state.dropFirst().map(\.name) == adamW.state.map(\.name))
  }

  @Test func `leaves a matrix without gradient alone`() {
    let parameters = exactParameters(Self.shapes)
    var optimizer = Muon(parameters, decay: 0.1)
    optimizer.step(exactGradients(Array(parameters.dropFirst()), step: 1))
    #expect(parameters[0].parameter.value == Exact.start([3, 8]))
    #expect(optimizer.state[0].tensor == Tensor(shape: [3, 8]))
    #expect(parameters[1].parameter.value != Exact.start([5, 5]))
  }

  @Test func `has the same bits on any number of threads`() {
    let results = [1, 2, 3, 8].map { threads in
      Threads.with(threads) {
        let parameters = exactParameters([
          "a.weight": [96, 160], "b.weight": [40, 24], "c.weight": [17, 17], "norm.weight": [9],
        ])
        var optimizer = Muon(parameters)
        for step in 1...2 { optimizer.step(exactGradients(parameters, step: step)) }
        return parameters.map(\.parameter.value) + optimizer.state.map(\.tensor)
      }
    }
    for result in results.dropFirst() { #expect(result == results[0]) }
  }

  @Test func `finds the answer of a least-squares problem`() {
    let problem = LeastSquares(seed: 6)
    var optimizer = Muon(problem.layer.namedParameters, rate: 0.1)
    let schedule = Schedule.trapezoid(warmup: 10, floor: 0)
    #expect(problem.distance > 0.5)
    for step in 1...300 {
      optimizer.step(problem.gradients(), factor: schedule.factor(step: step, of: 300))
    }
    #expect(problem.distance < 0.01)
  }
}
