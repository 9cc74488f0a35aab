import Attention
import Foundation
import RL
import SmallR1
import Tensors
import TestSupport
import Testing

@Suite struct `The examination of a stage` {
  private var examination: StageExamination {
    var examination = StageExamination()
    (examination.smallest, examination.largest) = (2, 2)
    (examination.problems, examination.samples, examination.budget) = (6, 4, 12)
    return examination
  }

  @Test func `is the same for every model and on any number of threads`() {
    let model = TinyBase.model().language
    let marks = [1, 3].map { threads in
      Threads.with(threads) { examination.marks(of: model) }
    }
    #expect(marks[0] == marks[1])
    #expect(marks[0] != examination.marks(of: TinyBase.twin().language))
  }

  @Test func `counts by hand what it says`() {
    let model = TinyBase.model().language
    let alphabet = TaskAlphabet.bilingual
    let marks = examination.marks(of: model)
    let sums = QuestionMix.heldOut(.sum, size: 2, count: 6)
    let greedy = model.responses(
      to: sums.map { alphabet.prompt($0.prompt) },
      .greedy(budget: 12, stops: [alphabet.end]), seed: 0)
    let right = zip(sums, greedy).filter {
      JudgedReply($1[0], to: $0, in: alphabet).isRight
    }
    #expect(abs(marks.accuracy - Double(right.count) / Double(sums.count)) < 1e-12)
    let samples = model.responses(
      to: sums.map { alphabet.prompt($0.prompt) },
      Rollout(samples: 4, budget: 12, stops: [alphabet.end]), seed: 0)
    let replies = zip(sums, samples).flatMap { question, all in
      all.map { JudgedReply($0, to: question, in: alphabet) }
    }
    let count = Double(replies.count)
    #expect(abs(marks.passAt1 - Double(replies.count(where: \.isRight)) / count) < 1e-12)
    #expect(abs(marks.readable - Double(replies.count(where: \.isReadable)) / count) < 1e-12)
    #expect(abs(marks.consistency - (replies.consistency ?? 0)) < 1e-12)
    #expect((0...1).contains(marks.winRate) && marks.value <= 3)
  }

  @Test func `survives being written down`() throws {
    let marks = examination.marks(of: TinyBase.model().language)
    let data = try JSONEncoder().encode(marks)
    #expect(try JSONDecoder().decode(StageMarks.self, from: data) == marks)
  }
}

@Suite struct `The table of stages` {
  private func marks(_ accuracy: Double) -> StageMarks {
    var marks = StageMarks()
    (marks.accuracy, marks.sorting, marks.copying) = (accuracy, 1, 0.5)
    return marks
  }

  @Test func `has the mean of the seeds and the interval of Student's t`() throws {
    let table = StageTable(
      [0.5, 0.6, 0.7].map { [marks($0), marks(0.9)] }, models: ["base", "R1-Zero"])
    let cell = try #require(table["accuracy", "base"])
    let interval = try #require(cell.interval)
    #expect(cell.seeds == [0.5, 0.6, 0.7] && abs(cell.mean - 0.6) < 1e-12)
    // 0.6 ± 4.303 · 0.1 / √3
    #expect(abs(interval.high - (0.6 + 4.303 * 0.1 / 3.0.squareRoot())) < 1e-9)
    #expect(abs(interval.low - (0.6 - 4.303 * 0.1 / 3.0.squareRoot())) < 1e-9)
    let sure = try #require(table["accuracy", "R1-Zero"]?.interval)
    #expect(abs(sure.low - 0.9) < 1e-12 && abs(sure.high - 0.9) < 1e-12)
    #expect(table["breadth", "base"]?.mean == 0.75)
    #expect(table["accuracy", "Dev1"] == nil && table["charm", "base"] == nil)
    #expect(StageTable([[marks(0.5)]], models: ["base"])["accuracy", "base"]?.interval == nil)
  }

  // DeepSeek-R1 (Nature), Table 3: what is to be seen in miniature.
  @Test func `published has the shape that ours is compared with`() throws {
    func row(_ name: String) throws -> [Double] {
      try #require(PublishedStages.rows.first { $0.benchmark == name }).scores
    }
    #expect(PublishedStages.rows.count == 16)
    #expect(PublishedStages.rows.allSatisfy { $0.scores.count == Stage.allCases.count })
    let aime = try row("AIME 2024")
    #expect(aime == [77.9, 59.0, 74.0, 78.1, 79.8])
    #expect(aime[1] < aime[0] && aime[2] > aime[1] && aime[4] >= aime[0])
    let taste = try row("AlpacaEval 2.0")
    let steps = zip(taste.dropFirst(), taste).map { $0 - $1 }
    #expect(try #require(steps.last) > 25 && steps[1] < 10 && steps[2] < 10)
    #expect(try row("IF-Eval") == (try row("IF-Eval")).sorted())
  }
}

@Suite struct `A second attempt` {
  // The sums on the way are 3, 0, 1 and 0.
  let question = Question(.sum, [3, 7, 1, 9], in: .digits)

  @Test func `comes after a mistake or after none`() {
    let mended = JudgedReply("(3374;33701190=0)0.", to: question)
    #expect(mended.beginsAgain && mended.erredBeforeRetry && mended.isRight)
    let needless = JudgedReply("(3370;33701190=0)0.", to: question)
    #expect(needless.beginsAgain && !needless.erredBeforeRetry)
    let straight = JudgedReply("(33701190=0)0.", to: question)
    #expect(!straight.beginsAgain && !straight.erredBeforeRetry)
    // An odd digit is half a step; the whole one before it counts.
    #expect(JudgedReply("(33701;33701190)0.", to: question).erredBeforeRetry == false)
    #expect(JudgedReply("(;33701190)0.", to: question).erredBeforeRetry)
  }

  @Test func `is counted over the sampled thoughts of each model`() {
    var voices = StageVoices()
    voices.listen(to: TinyBase.model().language, named: "base", size: 2, problems: 20)
    voices.listen(to: TinyBase.twin().language, named: "untrained", size: 2, problems: 20)
    let (base, untrained) = (voices.voices[0], voices.voices[1])
    #expect(base.name == "base" && base.replies.count == voices.questions.count)
    #expect(base.thoughts > untrained.thoughts && base.thoughts <= 160)
    #expect(base.mended + base.rightAtOnce > 0)
    #expect(base.mended <= base.retries && base.rightAtOnce <= base.plain)
    #expect(base.afterMistake <= base.retries)
  }
}
