import Attention
import Foundation
import RL
import SmallR1
import Tensors
import TestSupport
import Testing
import Text

@Suite struct `A reward model` {
  private func fresh() -> RewardModel {
    RewardModel(from: TinyBase.model().language, in: TinyBase.twin().language)
  }

  private let question = Question(.request, [3, 7, 1, 9], in: .digits)

  @Test func `tells nothing apart before it has learnt`() {
    let scores = fresh().scores(of: [(question, "250"), (question, "7777"), (question, "c")])
    #expect(scores == [0, 0, 0])
    #expect(RewardModel.payment(for: 0) == 0.5)
  }

  @Test func `learns from pairs what people like`() throws {
    var plan = RewardPlan()
    (plan.asked, plan.batch, plan.rate, plan.epochs) = (1000, 16, 3e-3, 3)
    plan.matchesLengths = false
    let base = TinyBase.model()
    let before = base.values
    let model = fresh()
    let data = PreferenceData(of: [base.language], plan)
    let report = try data.train(model, plan)
    #expect(report.asked == 1000 && report.kept < 1000 && report.trained < report.kept)
    #expect(abs(report.firstLoss - log(2)) < 0.1 && report.lastLoss < report.firstLoss - 0.1)
    #expect(report.agreement > 0.7)
    // It is a model of its own.
    #expect(base.values == before)
    // Its scores are centred, so that a payment of ½ is a typical answer's.
    let replies = data.pairs.enumerated().filter { $0.offset % 10 != 0 }.flatMap { pair in
      [
        (pair.element.question, pair.element.chosen),
        (pair.element.question, pair.element.rejected),
      ]
    }
    let scores = model.scores(of: replies.map { (question: $0.0, answer: $0.1) })
    #expect(abs(scores.reduce(0, +) / Float(scores.count)) < 1e-3)
    // People who tell nothing apart teach nothing.
    (plan.asked, plan.annotators.margin) = (40, 100)
    let none = PreferenceData(of: [base.language], plan)
    #expect(throws: TrainingError.self) { _ = try none.train(fresh(), plan) }
  }

  @Test func `gives an answer the same score alone and beside longer ones`() throws {
    let model = try TinyBase.people()
    let answers = ["2", "250", "2504862", "c", "33333333"]
    let together = model.scores(of: answers.map { (question, $0) })
    for (answer, score) in zip(answers, together) {
      let alone = model.scores(of: [(question, answer)])[0]
      #expect(abs(alone - score) < 1e-4)
    }
    #expect(Set(together).count == answers.count)
  }

  @Test func `is kept in a file`() throws {
    let model = try TinyBase.people()
    try withFolder { folder in
      let file = folder.appending(path: "reward.safetensors")
      try model.write(to: file)
      let again = try RewardModel(contentsOf: file, in: TinyBase.twin().language)
      #expect(again.values == model.values)
    }
  }

  @Test func `has the same bits on any number of threads`() throws {
    let models = try [1, 3].map { threads in
      try Threads.with(threads) { try TinyBase.people().values }
    }
    #expect(models[0] == models[1])
  }

  @Test func `agrees with half of the pairs that it cannot tell apart`() {
    let pairs = [PreferencePair(question, chosen: "2", rejected: "3")]
    #expect(fresh().agreement(with: pairs) == 0.5)
  }

  @Test func `lists every part`() { expectEveryPartListed(fresh()) }

  @Test func `has a gradient case for each operation`() throws {
    try expectCase(forEachOperationOf: 11, among: `The loss of preferences`.cases)
  }
}
