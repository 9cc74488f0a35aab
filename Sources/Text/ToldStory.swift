/// A story of the grammar together with what it is about.
public struct ToldStory: Sendable, Equatable {
  /// The story, in one line.
  public let text: String
  /// The child, such as `Lily`.
  public let hero: String
  /// Where the child lives, such as `by the sea`.
  public let home: String
  /// The animal that helps, such as `fox`.
  public let friend: String
  /// What the animal is like, such as `sleepy`.
  public let manner: String

  /// The names that a hero may have.
  public static let heroes = StoryWords.heroes.map { $0[.name] }

  /// Tells a story; of a hero, if one is named who is among `heroes`.
  public static func drawn(
    of hero: String? = nil, using generator: inout some RandomNumberGenerator
  ) -> ToldStory {
    var words: [Slot: Word] = [:]
    var phrase = StoryGrammar.story
    while case .drawing(let slot, let choices, let body) = phrase {
      let wanted = slot == StoryWords.hero ? choices.first { $0[.name] == hero } : nil
      let index = Draw.index(weights: choices.map(\.weight), using: &generator)
      words[slot] = wanted ?? choices[index]
      phrase = body
    }
    var draft = Draft()
    phrase.write(to: &draft, words: words, using: &generator)
    func name(_ slot: Slot) -> String { words[slot]?[.name] ?? "" }
    return ToldStory(
      text: draft.text, hero: name(StoryWords.hero), home: name(StoryWords.home),
      friend: name(StoryWords.friend), manner: name(StoryWords.manner))
  }
}
