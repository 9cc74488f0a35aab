import Tensors
import Text

/// Some exchanges that follow each other.
public struct Dialogue: Sendable, Equatable {
  /// The exchanges.
  public let exchanges: [Exchange]
  /// Whether it belongs to the part that fine-tuning never sees.
  public let isHeldOut: Bool

  /// The messages.
  public var conversation: Conversation { conversation(before: exchanges.count) }

  /// The messages up to an exchange, without it.
  public func conversation(before index: Int) -> Conversation {
    Conversation(
      exchanges[..<index].flatMap {
        [Message(.user, $0.question), Message(.assistant, $0.answer)]
      })
  }

  /// The messages up to the question of an exchange.
  public func conversation(asking index: Int) -> Conversation {
    var said = conversation(before: index)
    said.messages.append(Message(.user, exchanges[index].question))
    return said
  }
}

/// A seeded source of dialogues over the matters of the built-in corpus.
public struct DialogueSource: Sendable {
  /// The sorts, by weight: a greeting and a sum, a sum, a sum with steps, a story, a story and a
  /// question on it.
  static let weights = [2, 4, 4, 2, 4]
  /// The digits of the numbers of a sum, by weight.
  static let digits = [(1, 1), (2, 3)]
  private var generator: SplitMix64

  /// Creates a source.
  public init(seed: UInt64) { generator = SplitMix64(seed: seed).branch(0xD1A1) }

  /// Different dialogues of one side of the split.
  ///
  /// The split is by the question itself: a sum is held out as in every other chapter, and a
  /// story with its questions when its hero is one of those.
  public static func drawn(_ count: Int, heldOut: Bool = false, seed: UInt64) -> [Dialogue] {
    var source = DialogueSource(seed: heldOut ? ~seed : seed)
    var dialogues: [Dialogue] = []
    while dialogues.count < count {
      let dialogue = source.next()
      if dialogue.isHeldOut == heldOut { dialogues.append(dialogue) }
    }
    return dialogues
  }

  /// Draws a dialogue from either side.
  public mutating func next() -> Dialogue {
    switch Draw.index(weights: Self.weights, using: &generator) {
    case 0:
      let greeting = Exchange.greetings[Draw.below(Exchange.greetings.count, using: &generator)]
      let (sum, isHeldOut) = sum()
      return Dialogue(exchanges: [greeting, sum], isHeldOut: isHeldOut)
    case 1: return single(worked: false)
    case 2: return single(worked: true)
    case 3: return telling(asks: false)
    default: return telling(asks: true)
    }
  }

  private mutating func single(worked: Bool) -> Dialogue {
    let (sum, isHeldOut) = sum(worked: worked)
    return Dialogue(exchanges: [sum], isHeldOut: isHeldOut)
  }

  private mutating func sum(worked: Bool? = nil) -> (Exchange, isHeldOut: Bool) {
    let entry = Draw.index(weights: Self.digits.map(\.1), using: &generator)
    let item = TaskSource.item(.addition, size: Self.digits[entry].0, using: &generator)
    let shows = worked ?? (Draw.below(2, using: &generator) == 1)
    return (.sum(item, worked: shows), item.isHeldOut)
  }

  private mutating func telling(asks: Bool) -> Dialogue {
    let story = ToldStory.drawn(using: &generator)
    var exchanges = [Exchange.story(story)]
    if asks {
      let questions = Exchange.questions(on: story)
      exchanges.append(questions[Draw.below(questions.count, using: &generator)])
    }
    return Dialogue(exchanges: exchanges, isHeldOut: story.isHeldOut)
  }
}

extension ToldStory {
  /// Whether no story about this hero is asked for in fine-tuning: one hero in eight.
  var isHeldOut: Bool {
    var generator = SplitMix64(seed: .fingerprint(hero.utf8.map(UInt64.init)))
    return generator.next() % 8 == 0
  }
}
