/// The grammar of the little stories: who, where, what went wrong, who helped, how it ended.
package enum StoryGrammar {
  private typealias W = StoryWords

  /// A whole story in one line, without the line's end.
  package static let story: Phrase = .drawing(
    W.hero, from: W.heroes,
    in: .drawing(
      W.home, from: W.homes,
      in: .drawing(
        W.friend, from: W.friends, in: "\(opening) \(StoryPlots.plot) \(ending)")))

  private static let trait: Phrase = .one(of: [
    "kind", "brave", "quiet", "curious", "cheerful", "clever", "shy", "merry",
  ])

  private static let opening: Phrase = .choice([
    (3, "Once upon a time \(child) called \(W.hero) lived \(W.home)."),
    (2, "\(W.hero) was \(child) who lived \(W.home)."),
    (
      1,
      "Long ago, \(W.home), there lived \(child). Everyone called \(W.hero, .object) \(W.hero)."
    ),
  ])

  private static let child: Phrase = "a \(trait) \(W.hero, .kind)"

  private static let ending: Phrase = .choice([
    (3, "From that day on, \(W.hero) and the \(W.friend) \(friendship)."),
    (2, "That night \(W.hero) \(night) in \(W.hero, .possessive) bed \(W.home)."),
    (2, "\(W.hero) \(mood), and so was the \(W.friend)."),
    (1, "And \(W.hero) never forgot the \(W.friend) from the \(W.friend, .place)."),
  ])

  private static let friendship: Phrase = .one(of: [
    "were the best of friends", "played together every day",
    "met at the \(W.friend, .place) each morning",
  ])

  private static let night: Phrase = .one(of: [
    "slept well", "dreamed of the \(W.friend)", "smiled",
  ])

  private static let mood: Phrase = .one(of: [
    "was very happy", "was glad", "was tired but proud",
  ])
}
