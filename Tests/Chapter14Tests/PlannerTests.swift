import Checkpoints
import FullScale
import Testing

@Suite struct `A plan` {
  @Test func `of V3 as it was asks for what it took`() throws {
    let estimate = try #require(ClusterQuestion().estimate)
    #expect(abs(estimate.hours / TrainingBill.v3.stages[0].hours - 1) < 0.01)
    #expect(abs(estimate.days - 54.2) < 0.5)
  }

  @Test func `has V3's own layout among those that fit`() {
    let layouts = ClusterQuestion().layouts().map(\.layout)
    #expect(layouts.contains(.v3))
    #expect(layouts.allSatisfy { $0.cards == 2048 })
    // One pipeline rank cannot hold 671 billion weights, however experts are spread.
    #expect(layouts.allSatisfy { $0.pipeline > 1 })
  }

  @Test func `fits in every layout that it offers, and offers more with more memory`() {
    let question = ClusterQuestion()
    for entry in question.layouts() { #expect(entry.memory.total <= 72e9) }
    let roomy = ClusterQuestion(on: .h200)
    let names = Set(question.layouts().map { "\($0.layout.pipeline) \($0.layout.experts)" })
    let more = Set(roomy.layouts().map { "\($0.layout.pipeline) \($0.layout.experts)" })
    #expect(more.isStrictSuperset(of: names))
  }

  /// A file may claim any number of layers; none is counted one by one.
  @Test(arguments: [1000, 1_000_000])
  func `of more layers than anybody cuts has no layout`(layers: Int) throws {
    var model = DecoderConfiguration.v3
    model.layers = layers
    #expect(StageCut.balanced(model, stages: 4) == nil)
    let plan = try #require(ClusterPlan(ClusterQuestion(model)))
    #expect(plan.layout == nil && plan.fewestCards == nil && plan.estimate.hours > 1e7)
    model.experts?.denseLayers = .max
    model.layers = 4
    #expect(StageCut.balanced(model, stages: 2)?.layers.count == 2)
  }

  @Test func `of a small mixture needs no pipeline`() throws {
    let lite = try #require(PublishedConfiguration.named("deepseek-v2-lite")?.model)
    let layouts = ClusterQuestion(lite, cards: 64).layouts()
    #expect(try #require(layouts.first).layout.pipeline == 1)
  }

  @Test func `on a card without eight bits keeps its numbers in sixteen`() {
    #expect(ClusterQuestion(on: .a100).formats == .brain)
    #expect(ClusterQuestion(on: .b200).formats == .v3)
  }

  /// 671 GB of eight bits do not go into eight cards of 80 GB; sixteen have room to spare.
  @Test func `of serving V3 takes sixteen H800, or eight H200`() throws {
    let h800 = try #require(ServingPlan.smallest(.v3, on: .h800))
    #expect(h800.cards == 16)
    #expect(ServingPlan(.v3, on: .h800, cards: 8) == nil)
    let h200 = try #require(ServingPlan.smallest(.v3, on: .h200))
    #expect(h200.cards == 8 && h200.cacheBytes == 70_272)
  }

  @Test func `gives a card more room for texts the more cards there are`() throws {
    let plans = try [16, 32, 64, 144, 256].map {
      try #require(ServingPlan(.v3, on: .h800, cards: $0))
    }
    let rooms = plans.map(\.cachedTokens)
    #expect(rooms == rooms.sorted() && plans[0].weights > plans[4].weights)
  }

  /// Eight planes of 256 cards: 8 leaves and 4 spines each, an eighth of table 3's capacity.
  @Test func `of the network counts the switches of planes`() throws {
    let built = try #require(NetworkPlan(cards: 2048))
    #expect(built.leaves == 64 && built.spines == 32)
    let full = try #require(NetworkPlan(cards: 16_384))
    #expect(full.switches == 768)
    #expect(try #require(NetworkPlan(cards: 128)).switches == 8, "one leaf a plane")
    #expect(NetworkPlan(cards: 16_385) == nil)
  }
}
