import Tensors
import TestSupport
import Testing

@Suite struct `A module` {
  @Test func `names its parameters by the path that leads to them`() {
    var generator = SplitMix64(seed: 1)
    let model = Tower(depth: 2, hasHead: true, using: &generator)
    #expect(
      model.namedParameters.map(\.name) == [
        "layers.0.up.weight", "layers.0.up.bias", "layers.0.scale",
        "layers.1.up.weight", "layers.1.up.bias", "layers.1.scale", "lm_head.weight",
      ])
    #expect(model.parameterCount == 2 * (6 + 3 + 3) + 6)
    #expect(model.parameters[2] === model.layers[0].scale)
  }

  @Test func `leaves out an optional part that is missing`() {
    var generator = SplitMix64(seed: 1)
    let model = Tower(depth: 1, hasHead: false, using: &generator)
    #expect(
      model.namedParameters.map(\.name) == [
        "layers.0.up.weight", "layers.0.up.bias", "layers.0.scale",
      ])
    #expect(Linear(from: 2, to: 3, deviation: 1, using: &generator).parameters.count == 1)
  }

  @Test func `numbers a list of unlike parts and counts a shared weight once`() {
    var generator = SplitMix64(seed: 1)
    let norm = RMSNorm(width: 3, epsilon: 1e-6)
    let model = Pair(
      list: Parts([norm, Linear(from: 2, to: 3, deviation: 1, using: &generator)]), last: norm)
    #expect(
      model.namedParameters.map(\.name)
        == ["list.0.weight", "list.1.weight", "last.weight"])
    #expect(model.parameterCount == 3 + 6)
  }

  @Test func `lists every parameter that it holds`() {
    var generator = SplitMix64(seed: 1)
    expectEveryPartListed(Tower(depth: 2, hasHead: true, using: &generator))
    expectEveryPartListed(Tower(depth: 1, hasHead: false, using: &generator))
    expectEveryPartListed(RMSNorm(width: 3, epsilon: 1e-6))
  }

  @Test func `is caught when it forgets a part, repeats one, or names two alike`() {
    #expect(
      complaintsAboutParts(of: Forgetful()) == ["hidden.1 is not among the parts"])
    #expect(complaintsAboutParts(of: Repetitive()) == ["again is listed twice"])
    #expect(complaintsAboutParts(of: Ambiguous()) == ["two parts are named weight"])
  }

  @Test func `maps rows of any rank through a linear layer`() {
    var generator = SplitMix64(seed: 1)
    let layer = Linear(from: 2, to: 3, bias: true, deviation: 1, using: &generator)
    layer.weight.value = Tensor([1, 0, 0, 1, 1, 1], shape: [3, 2])
    layer.bias?.value = Tensor([0, 10, 20], shape: [3])
    let tape = Tape()
    let y = layer(tape.constant(Tensor([1, 2, 3, 4], shape: [1, 2, 2])))
    #expect(y.value == Tensor([1, 12, 23, 3, 14, 27], shape: [1, 2, 3]))
    #expect(tape.count == 1)
  }
}

@Suite struct `A set of gradients` {
  @Test func `adds the gradients of several batches parameter by parameter`() {
    let (a, b) = (Parameter(Tensor(1)), Parameter(Tensor(2)))
    var sum = Gradients()
    for factor: Float in [3, 4] {
      let tape = Tape()
      sum.add(tape.gradients(of: tape[a] * factor))
    }
    let tape = Tape()
    sum.add(tape.gradients(of: tape[b] * 24))
    #expect(sum[a]?.scalar == 7)
    #expect(sum[b]?.scalar == 24)
    #expect(sum.norm == 25)
    sum.scale(by: 0.5)
    #expect(sum[a]?.scalar == 3.5)
    #expect(sum.parameters.map { ObjectIdentifier($0) } == [a, b].map { ObjectIdentifier($0) })
  }
}

private struct Tower: Module {
  let layers: [Storey]
  let head: Linear?

  init(depth: Int, hasHead: Bool, using generator: inout SplitMix64) {
    var layers: [Storey] = []
    for _ in 0..<depth { layers.append(Storey(using: &generator)) }
    self.layers = layers
    head = hasHead ? Linear(from: 2, to: 3, deviation: 1, using: &generator) : nil
  }

  var parts: KeyValuePairs<String, any Part> { ["layers": layers, "lm_head": head] }
}

private struct Storey: Module {
  let up: Linear
  let scale = Parameter(Tensor(shape: [3]))

  init(using generator: inout SplitMix64) {
    up = Linear(from: 2, to: 3, bias: true, deviation: 1, using: &generator)
  }

  var parts: KeyValuePairs<String, any Part> { ["up": up, "scale": scale] }
}

private struct Pair: Module {
  let list: Parts
  let last: RMSNorm
  var parts: KeyValuePairs<String, any Part> { ["list": list, "last": last] }
}

private struct Forgetful: Module {
  let hidden: [Parameter]? = [Parameter(Tensor(1)), Parameter(Tensor(2))]
  var parts: KeyValuePairs<String, any Part> { ["first": hidden?.first] }
}

private struct Repetitive: Module {
  let weight = Parameter(Tensor(1))
  var parts: KeyValuePairs<String, any Part> { ["once": weight, "again": weight] }
}

private struct Ambiguous: Module {
  let a = Parameter(Tensor(1))
  let b = Parameter(Tensor(2))
  var parts: KeyValuePairs<String, any Part> { ["weight": a, "weight": b] }
}
