/// What happens in the middle of a story.
enum StoryPlots {
  private typealias W = StoryWords

  static let plot: Phrase = .choice([(3, lost), (2, strange), (2, shared), (2, built)])

  private static let day: Phrase = .one(of: [
    "One sunny morning", "One windy day", "On a cold afternoon", "One day after the rain",
    "In the first week of spring",
  ])

  private static let worry: Phrase = .one(of: ["sad", "worried", "upset", "ready to cry"])

  // MARK: - Something is lost, and it is the same thing that is found

  private static let lost: Phrase = .drawing(
    W.colour, from: W.colours,
    in: .drawing(W.toy, from: W.toys, in: "\(loss) \(search) \(finding)"))

  private static let loss: Phrase = """
    \(day) \(W.hero, .subject) lost \(W.hero, .possessive) \(W.colour) \(W.toy). \
    \(W.hero, .capitalSubject) was \(worry).
    """

  private static let search: Phrase = """
    \(W.hero) looked \(.one(of: ["under the bed", "behind the door", "in the garden"])) and \
    \(.one(of: ["down the well", "along the road", "by the gate"])), but the \(W.toy) was not there.
    """

  private static let finding: Phrase = .choice([
    (2, "Then \(W.friend, .kind) came by. \(asking) \(found)"),
    (1, "But \(W.friend, .kind) had seen it all. \(found)"),
  ])

  private static let asking: Phrase = """
    "What is wrong?" asked the \(W.friend). "I cannot find my \(W.colour) \(W.toy)," said \(W.hero).
    """

  private static let found: Phrase = """
    The \(W.friend) took \(W.hero, .object) to the \(W.friend, .place), and there was the \
    \(W.colour) \(W.toy), \(.one(of: ["safe and dry", "covered in leaves", "as good as new"])).
    """

  // MARK: - A noise in the dark

  private static let strange: Phrase = """
    One \(.one(of: ["dark", "stormy", "foggy"])) night \(W.hero, .subject) heard a \
    \(.one(of: ["loud", "soft", "strange"])) \(W.friend, .sound) outside. \
    "Who is there?" \(.one(of: ["whispered", "called", "asked"])) \(W.hero). \(answer)
    """

  private static let answer: Phrase = .choice([
    (
      2,
      "It was only \(W.friend, .kind) who had lost the way to the \(W.friend, .place). \(guiding)"
    ),
    (1, "There sat \(W.friend, .kind), wet and cold. \(warming)"),
  ])

  private static let guiding: Phrase = """
    \(W.hero) took \(.one(of: ["a lamp", "a coat", "a map"])) and walked with the \(W.friend) \
    \(.one(of: ["through the wood", "over the bridge", "across the field"])).
    """

  private static let warming: Phrase = """
    \(W.hero) made a \(.one(of: ["fire", "soft bed", "pot of tea"])), and \
    \(.one(of: ["soon", "after a while", "before long"])) the \(W.friend) was dry again.
    """

  // MARK: - Something good is shared

  private static let shared: Phrase = .drawing(
    W.food, from: W.foods,
    in: .drawing(W.guest, from: W.guests, in: "\(gift) \(visitors) \(sharing)"))

  private static let gift: Phrase = """
    \(day) \(W.hero, .possessive) \(.one(of: ["mother", "father", "grandmother", "uncle"])) gave \
    \(W.hero, .object) some \(W.food).
    """

  private static let visitors: Phrase = """
    On the way to the \(W.friend, .place) \(W.hero, .subject) met a \(W.guest) and \(W.friend, .kind). \
    "We are so \(.one(of: ["hungry", "cold", "tired"]))," said the \(W.guest).
    """

  private static let sharing: Phrase = .choice([
    (3, "So \(W.hero) cut the \(W.food) into three parts, one for each of them."),
    (
      1,
      "At first \(W.hero) hid the \(W.food), but then \(W.hero, .subject) gave half to the \(W.guest)."
    ),
    (1, "\(W.hero) gave the \(W.food) to the \(W.friend) and sang a song for the \(W.guest)."),
  ])

  // MARK: - Something is made, goes wrong and is mended

  private static let built: Phrase = .drawing(
    W.colour, from: W.colours,
    in: .drawing(W.toy, from: W.toys, in: "\(wish) \(mishap) \(mending)"))

  private static let wish: Phrase = """
    \(W.hero) wanted to \(.one(of: ["make", "paint", "fix"])) a \(W.colour) \(W.toy) for \
    \(W.hero, .possessive) \(.one(of: ["sister", "brother", "friend", "teacher"])).
    """

  private static let mishap: Phrase = .choice([
    (
      2,
      "But the wind blew the \(W.toy) \(.one(of: ["into a tree", "over the wall", "into the mud"]))."
    ),
    (
      1,
      "But the rain came and the \(W.toy) \(.one(of: ["got wet", "lost its colour", "fell apart"]))."
    ),
  ])

  private static let mending: Phrase = .choice([
    (1, "\(W.hero, .capitalSubject) sat down and was \(worry). \(rescue)"),
    (1, "\"Do not give up,\" said \(W.friend, .kind) from the \(W.friend, .place). \(rescue)"),
  ])

  private static let rescue: Phrase = """
    The \(W.friend) brought \(.one(of: ["some string", "a ladder", "new paint"])), and together they made \
    the \(W.toy) \(W.colour) and \(.one(of: ["strong", "bright", "fine"])) again.
    """
}
