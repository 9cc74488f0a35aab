/// The plots in which somebody comes along: a noise at night, and a meal that is shared.
enum StoryVisits {
  private typealias W = StoryWords

  // MARK: - A noise in the dark

  static let strange: Phrase = """
    One \(.one(of: ["dark", "stormy", "foggy", "cold"])) night \(W.hero, .subject) heard a \
    \(.one(of: ["loud", "soft", "strange"])) \(W.friend, .sound) outside. \
    "Who is there?" \(.one(of: ["whispered", "called", "asked"])) \(W.hero). \(answer)
    """

  private static let answer: Phrase = .choice([
    (
      2,
      "It was only \(StoryPlots.newcomer), lost on the way to the \(W.friend, .place). \(guiding)"
    ),
    (1, "There sat \(StoryPlots.newcomer), \(plight). \(warming)"),
  ])

  private static let plight: Phrase = .one(of: ["wet and cold", "hungry", "shaking with fear"])

  private static let guiding: Phrase = """
    \(W.hero) took \(.one(of: ["a lamp", "a coat", "a big stick"])) and walked with the \
    \(W.friend) \(.one(of: ["through the wood", "over the bridge", "across the field"])).
    """

  private static let warming: Phrase = """
    \(W.hero) made a \(.one(of: ["fire", "soft bed", "pot of soup"])), and \
    \(.one(of: ["soon", "after a while", "by morning"])) the \(W.friend) felt much better.
    """

  // MARK: - Something good is shared

  static let shared: Phrase = .drawing(
    W.food, from: W.foods,
    in: .drawing(W.guest, from: W.guests, in: "\(gift) \(visitors) \(sharing)"))

  private static let gift: Phrase = """
    \(StoryPlots.day) \(W.hero, .possessive) \(StoryGrammar.family) gave \(W.hero, .object) some \
    \(W.food).
    """

  private static let visitors: Phrase = """
    On the way to the \(W.friend, .place) \(W.hero, .subject) met a \(W.guest) and \
    \(StoryPlots.newcomer). "We are so \(.one(of: ["hungry", "cold", "tired"]))," said the \
    \(W.guest).
    """

  private static let sharing: Phrase = .choice([
    (3, "So \(W.hero) cut the \(W.food) into three parts, one for each of them."),
    (
      1,
      """
      At first \(W.hero) hid the \(W.food), but then \(W.hero, .subject) gave half to the \
      \(W.guest) and half to the \(W.friend).
      """
    ),
    (
      1,
      """
      \(W.hero) gave the \(W.food) to the \(W.friend) and \
      \(.one(of: ["sang a song for", "told a joke to"])) the \(W.guest).
      """
    ),
  ])
}
