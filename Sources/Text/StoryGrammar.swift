/// The grammar of the little stories: who, where, what went wrong, who helped, how it ended.
package enum StoryGrammar {
  private typealias W = StoryWords

  /// A whole story in one line, without the line's end.
  package static let story: Phrase = .drawing(
    W.hero, from: W.heroes,
    in: .drawing(
      W.home, from: W.homes,
      in: .drawing(
        W.friend, from: W.friends,
        in: .drawing(
          W.manner, from: W.manners, in: "\(opening) \(StoryPlots.plot) \(ending)"))))

  // MARK: - The beginning

  private static let opening: Phrase = .choice([
    (3, "Once upon a time \(child) called \(W.hero) lived \(W.home). \(habit)"),
    (2, "\(W.hero) was \(child) who lived \(W.home). \(habit)"),
    (
      1,
      "Long ago, \(W.home), there lived \(child). Everyone called \(W.hero, .object) \(W.hero)."
    ),
  ])

  private static let child: Phrase = "a \(trait) \(W.hero, .kind)"

  private static let trait: Phrase = .choice([
    (4, "little"), (3, "kind"), (3, "brave"), (2, "quiet"), (2, "curious"), (2, "cheerful"),
    (1, "clever"), (1, "shy"), (1, "merry"), (1, "stubborn"),
  ])

  private static let habit: Phrase = .choice([
    (3, "\(W.hero, .capitalSubject) loved \(pastime)."),
    (1, "\(W.hero, .capitalSubject) was never afraid of \(danger)."),
  ])

  private static let pastime: Phrase = .one(of: [
    "to read", "to run in the wind", "to count the stars", "picking flowers", "funny songs",
    "big puddles", "snow", "pancakes",
  ])

  private static let danger: Phrase = .one(of: ["the dark", "thunder", "spiders", "deep water"])

  // MARK: - The end

  private static let ending: Phrase = .choice([
    (3, "From that day on, \(W.hero) and the \(W.manner) \(W.friend) \(friendship)."),
    (2, "That night \(W.hero) \(night)."),
    (2, "\(W.hero) was \(mood), and so was the \(W.friend)."),
    (1, "And \(W.hero) never forgot the \(W.manner) \(W.friend) from the \(W.friend, .place)."),
  ])

  private static let friendship: Phrase = .one(of: [
    "were the best of friends", "played together every day", "shared all their secrets",
    "met at the \(W.friend, .place) each morning",
  ])

  private static let night: Phrase = .one(of: [
    "slept well in \(W.hero, .possessive) house \(W.home)", "dreamed of the \(W.friend)",
    "told \(W.hero, .possessive) \(family) about the \(W.manner) \(W.friend)",
  ])

  private static let mood: Phrase = .one(of: ["very happy", "glad", "tired but proud"])

  static let family: Phrase = .choice([
    (3, "mother"), (3, "father"), (2, "sister"), (2, "brother"), (1, "grandmother"),
    (1, "uncle"),
  ])
}
