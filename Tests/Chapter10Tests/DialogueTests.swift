import Attention
import Checkpoints
import Foundation
import MTP
import SmallV3
import Tensors
import TestSupport
import Testing
import Text

@Suite struct `Dialogues` {
  private let taught = DialogueSource.drawn(600, seed: 1)
  private let kept = DialogueSource.drawn(120, heldOut: true, seed: 1)

  @Test func `are the same for the same seed`() {
    #expect(DialogueSource.drawn(20, seed: 1) == Array(taught.prefix(20)))
    #expect(DialogueSource.drawn(20, seed: 2) != Array(taught.prefix(20)))
  }

  @Test func `share no sum and no hero between the two sides`() {
    func questions(_ dialogues: [Dialogue], _ kinds: [Exchange.Kind]) -> Set<String> {
      Set(
        dialogues.flatMap(\.exchanges).filter { kinds.contains($0.kind) }.map {
          $0.question.split(separator: "?")[0].split(separator: ".")[0].description
        })
    }
    for kinds: [Exchange.Kind] in [[.sum, .worked], [.story, .recall]] {
      let (left, right) = (questions(taught, kinds), questions(kept, kinds))
      #expect(!left.isEmpty && !right.isEmpty)
      #expect(left.isDisjoint(with: right))
    }
    #expect(taught.allSatisfy { !$0.isHeldOut } && kept.allSatisfy(\.isHeldOut))
  }

  @Test func `have answers that their own rule calls right`() {
    let exchanges = taught.flatMap(\.exchanges)
    #expect(Set(exchanges.map(\.kind)) == Set(Exchange.Kind.allCases))
    for exchange in exchanges {
      #expect(exchange.mark(exchange.answer) == .right, "\(exchange)")
    }
  }

  @Test func `are judged by form first and by value then`() throws {
    func one(_ kind: Exchange.Kind) throws -> Exchange {
      try #require(taught.flatMap(\.exchanges).first { $0.kind == kind })
    }
    let sum = try one(.sum)
    #expect(sum.mark("x") == .malformed && sum.mark(sum.answer + " ") == .malformed)
    #expect(sum.mark("9\(sum.answer)") == .wrong)
    let worked = try one(.worked)
    let number = worked.answer.components(separatedBy: " A: ")[1]
    #expect(worked.mark(number) == .malformed, "the steps are missing")
    #expect(worked.mark("1+1=2 A: \(number)") == .right)
    #expect(worked.mark(worked.answer + "0") == .wrong)
    let story = try one(.story)
    #expect(story.mark(String(story.answer.dropLast())) == .malformed)
    #expect(story.mark("Once upon a time. \n" + story.answer) == .malformed)
    let other = story.answer.replacingOccurrences(
      of: story.question.dropFirst(22).dropLast(), with: "Nobody")
    #expect(story.mark(other) == .wrong)
    let recall = try one(.recall)
    #expect(recall.mark("The pink unicorn.") == .wrong && recall.mark("the") == .malformed)
  }

  @Test func `ask about the story before, where the answer stands`() throws {
    for dialogue in taught where dialogue.exchanges.last?.kind == .recall {
      let story = dialogue.exchanges[0]
      let question = dialogue.exchanges[1]
      #expect(story.kind == .story && dialogue.exchanges.count == 2)
      let words = question.answer.dropLast().split(separator: " ").dropFirst()
      #expect(words.allSatisfy { story.answer.contains($0) }, "\(dialogue)")
    }
  }

  @Test func `tell stories of the grammar about the hero named`() {
    var generator = SplitMix64(seed: 4)
    for hero in ["Lily", "Noah"] {
      let story = ToldStory.drawn(of: hero, using: &generator)
      #expect(story.hero == hero && story.text.contains(hero))
      #expect(story.text.contains(story.friend) && story.text.contains(story.home))
    }
  }

  @Test func `fit into the context of the small V3 and are answered in its own words`() throws {
    let texts = taught.flatMap(\.exchanges).map { $0.answer.utf8.count }
    #expect(try #require(texts.max()) < 800)
  }
}

@Suite struct `A base that is made ready` {
  private let base: SavedModel<DeepSeekModel> = {
    let sizes = NamedConfiguration.tinyV3.model
    return SavedModel(
      configuration: sizes, model: DeepSeekModel(sizes, seed: 5), tokenizer: .bytes(),
      generation: GenerationConfiguration())
  }()

  @Test func `knows seven tokens more and gives the others the logits that they had`() {
    let ready = base.ready(for: .deepSeekV3, seed: 1)
    #expect(ready.tokenizer.vocabularySize == 263 && ready.configuration.vocabularySize == 263)
    #expect(ready.configuration.beginToken == 256 && ready.configuration.endTokens == [257])
    #expect(ready.generation.endTokens == [257] && ready.configuration.padToken == 258)
    let tokens = [1, 2, 250]
    func logits(_ model: DeepSeekModel) -> Tensor {
      let pass = Pass(Sequences(count: 1, length: 3), on: Tape(recording: false))
      return model.language.logits(tokens, in: pass).value
    }
    let (old, new) = (logits(base.model), logits(ready.model))
    for row in 0..<3 {
      expectClose(
        Array(new.scalars[row * 263..<row * 263 + 256]),
        old.scalars[row * 256..<(row + 1) * 256].map(Double.init), .rounding)
    }
  }

  @Test func `has vectors for them that differ and are near the mean of the others`() throws {
    let ready = base.ready(for: .deepSeekV3, seed: 1)
    let weight = ready.model.language.headWeight.value
    let rows = (256..<263).map { weight.rows($0..<$0 + 1).scalars }
    #expect(Set(rows).count == 7)
    let old = (0..<256).map { weight.rows($0..<$0 + 1).scalars }
    let spread = old.joined().reduce(0) { $0 + $1 * $1 } / Float(256 * 16)
    for row in rows {
      let square = row.reduce(0) { $0 + $1 * $1 } / 16
      #expect(square < 2 * spread && square > 0.02 * spread)
    }
  }

  @Test func `stays as it is when it is made ready again`() {
    let ready = base.ready(for: .deepSeekV3, seed: 1)
    let again = ready.ready(for: .deepSeekV3, seed: 2)
    #expect(again.tokenizer == ready.tokenizer && again.configuration == ready.configuration)
    #expect(
      again.model.namedParameters.map(\.parameter.value)
        == ready.model.namedParameters.map(\.parameter.value))
  }

  @Test func `opens again from its directory with the same weights`() throws {
    let ready = base.ready(for: .deepSeekR1, seed: 1)
    try withFolder { folder in
      let place = folder.appending(path: "model")
      try ready.save(to: place)
      let again = try SavedModel<DeepSeekModel>(opening: place)
      #expect(ChatCoder(again.tokenizer)?.template == .deepSeekR1)
      #expect(
        again.model.namedParameters.map(\.parameter.value)
          == ready.model.namedParameters.map(\.parameter.value))
    }
  }
}
