/// What happens in the middle of a story.
///
/// Every plot brings the friend in by name, kind and manner, and speaks of the same things throughout.
enum StoryPlots {
  private typealias W = StoryWords

  static let plot: Phrase = .choice([
    (3, lost), (2, StoryVisits.strange), (2, StoryVisits.shared), (2, built), (2, journey),
    (2, lesson),
  ])

  static let newcomer: Phrase = "a \(W.manner) \(W.friend)"

  static let day: Phrase = .choice([
    (4, "One day"), (2, "One sunny morning"), (2, "One windy afternoon"),
    (1, "After a long winter"),
    (1, "In the first week of spring"), (1, "On a Sunday"),
  ])

  static let worry: Phrase = .choice([
    (4, "sad"), (2, "worried"), (1, "upset"), (1, "ready to cry"),
  ])

  // MARK: - Something is lost, and it is the same thing that is found

  private static let lost: Phrase = .drawing(
    W.colour, from: W.colours,
    in: .drawing(W.toy, from: W.toys, in: "\(loss) \(search) \(finding)"))

  private static let loss: Phrase = """
    \(day) \(W.hero, .subject) lost \(W.hero, .possessive) \(W.colour) \(W.toy). \
    \(W.hero, .capitalSubject) was \(worry).
    """

  private static let search: Phrase = """
    \(W.hero) looked \(.one(of: ["under the bed", "behind the door", "in the kitchen"])) and \
    \(.one(of: ["down the well", "along the road", "by the gate", "up on the roof"])), but the \
    \(W.toy) was not there.
    """

  private static let finding: Phrase = .choice([
    (2, "Then \(newcomer) came by. \(asking) \(found)"),
    (1, "Luckily \(newcomer) had seen it. \(found)"),
  ])

  private static let asking: Phrase = """
    "What is wrong?" asked the \(W.friend). "I cannot find my \(W.colour) \(W.toy)," said \
    \(W.hero).
    """

  private static let found: Phrase = """
    The \(W.friend) took \(W.hero, .object) to the \(W.friend, .place), and there was the \
    \(W.colour) \(W.toy), \(.one(of: ["safe and dry", "covered in leaves", "as good as new"])).
    """

  // MARK: - Something is made, goes wrong and is mended

  private static let built: Phrase = .drawing(
    W.colour, from: W.colours,
    in: .drawing(W.toy, from: W.toys, in: "\(wish) \(mishap) \(mending)"))

  private static let wish: Phrase = """
    \(day) \(W.hero, .subject) wanted to \(.one(of: ["make", "paint", "fix"])) a \(W.colour) \
    \(W.toy) for \(W.hero, .possessive) \(StoryGrammar.family).
    """

  private static let mishap: Phrase = .choice([
    (
      2, "But the wind blew the \(W.toy) \(.one(of: ["into a tree", "over the wall", "away"]))."
    ),
    (
      1, "But it rained, and the \(W.toy) \(.one(of: ["got wet", "lost its colour", "broke"]))."
    ),
  ])

  private static let mending: Phrase = .choice([
    (1, "\(W.hero) sat down and was \(worry). Then \(newcomer) came to help. \(rescue)"),
    (1, "\"Do not give up,\" said \(newcomer) from the \(W.friend, .place). \(rescue)"),
  ])

  private static let rescue: Phrase = """
    The \(W.friend) brought \(.one(of: ["some string", "a ladder", "a brush", "two nails"])), and \
    soon the \(W.toy) was \(W.colour) and \(.one(of: ["strong", "bright", "fine"])) again.
    """

  // MARK: - A way is found

  private static let journey: Phrase = .drawing(
    W.goal, from: W.goals, in: "\(departure) \(obstacle) \(guide) \(arrival)")

  private static let departure: Phrase = """
    \(day) \(W.hero, .subject) set out to see the \(W.goal). \
    \(W.hero, .capitalSubject) took \(.one(of: ["a map", "some bread", "a stick", "warm socks"])) \
    and \(.one(of: ["a rope", "an apple", "a bottle of milk"])).
    """

  private static let obstacle: Phrase = .choice([
    (2, "But the bridge was broken."), (1, "But a big tree lay across the path."),
    (1, "But the fog was so thick that \(W.hero) got lost."),
  ])

  private static let guide: Phrase = """
    "Follow me," said \(newcomer), "I know \
    \(.one(of: ["another way", "a secret path", "every stone here"]))."
    """

  private static let arrival: Phrase = """
    They walked \(.one(of: ["all day", "for an hour", "until dark", "hand in hand"])), and at last \
    they saw the \(W.goal).
    """

  // MARK: - Something is learnt

  private static let lesson: Phrase = .drawing(
    W.skill, from: W.skills, in: "\(ambition) \(failure) \(teaching)")

  private static let ambition: Phrase = """
    \(W.hero) wanted to learn to \(W.skill), but \
    \(.one(of: ["it was hard", "nobody had time to help", "the others laughed"])).
    """

  private static let failure: Phrase = """
    \(W.hero, .capitalSubject) tried \(.one(of: ["once", "twice", "ten times", "for a week"])) and \
    was \(worry).
    """

  private static let teaching: Phrase = """
    Near the \(W.friend, .place) \(W.hero, .subject) met \(newcomer). "I can \(W.skill)," said the \
    \(W.friend). "\(.one(of: ["Watch me", "Start slowly", "Do not be afraid", "Try again"]))!" \
    And \(.one(of: ["in the evening", "after three days", "soon"])) \(W.hero) could \(W.skill) too.
    """
}
