/// The words that a story draws once and then uses again and again.
///
/// Within a slot no word is the beginning of another, so a reader who sees the first mention knows which word
/// was drawn. Every later mention is certain, and gives a model's attention something to learn.
enum StoryWords {
  static let hero = Slot("hero")
  static let home = Slot("home")
  static let friend = Slot("friend")
  static let colour = Slot("colour")
  static let toy = Slot("toy")
  static let food = Slot("food")
  static let guest = Slot("guest")
  static let manner = Slot("manner")
  static let goal = Slot("goal")
  static let skill = Slot("skill")

  static let heroes: [Word] =
    [
      "Lily", "Mia", "Anna", "Rosa", "Sue", "Zoe", "Nora", "Ella", "Ivy", "Clara", "Kate",
      "Emma",
      "Ruth", "Vera", "Wilma", "Greta",
    ].map(girl)
    + [
      "Tom", "Ben", "Max", "Sam", "Leo", "Jack", "Finn", "Oscar", "Hugo", "Paul", "Peter",
      "Bill",
      "David", "Yuri", "Erik", "Noah",
    ].map(boy)

  static let homes: [Word] = [
    Word("by the sea"), Word("near a river"), Word("on a farm"), Word("in a small village"),
    Word("on top of a hill"), Word("next to a mill"), Word("at the edge of a forest"),
    Word("in a tall house"),
  ]

  /// The friend of a story, the noise it makes and the place where it lives.
  static let friends: [Word] = [
    animal("fox", sound: "rustle", place: "den"),
    animal("owl", sound: "hoot", place: "old oak"),
    animal("duck", sound: "quack", place: "pond"),
    animal("goat", sound: "bleat", place: "stable"),
    animal("frog", sound: "croak", place: "pool"),
    animal("puppy", sound: "bark", place: "yard"),
    animal("mouse", sound: "squeak", place: "barn"),
    animal("crow", sound: "caw", place: "pine"),
    animal("lamb", sound: "cry", place: "meadow"), animal("bee", sound: "buzz", place: "hive"),
    animal("hedgehog", sound: "snuffle", place: "hedge"),
    animal("elephant", sound: "trumpet", place: "zoo"),
  ]

  /// Other animals, who only come to visit; none of them is also a friend.
  static let guests: [Word] = [
    Word("squirrel"), Word("rabbit"), Word("robin"), Word("pony"), Word("badger"),
    Word("snail"),
    Word("turtle"), Word("kitten"),
  ]

  /// What the friend is like; none begins with a vowel, so all follow "a".
  static let manners: [Word] = [
    Word("little", weight: 4), Word("friendly", weight: 3), Word("sleepy", weight: 2),
    Word("grey", weight: 2), Word("wise", weight: 2), Word("young", weight: 2), Word("funny"),
    Word("lonely"), Word("very old"), Word("muddy"),
  ]

  static let goals: [Word] = [
    Word("lighthouse"), Word("blue lake"), Word("castle"), Word("waterfall"), Word("market"),
    Word("snowy mountain"), Word("island"), Word("secret garden"),
  ]

  static let skills: [Word] = [
    Word("swim", weight: 3), Word("sing", weight: 3), Word("dance", weight: 2), Word("whistle"),
    Word("climb a tree"), Word("ride a horse"), Word("skate"), Word("juggle"),
  ]

  static let colours: [Word] = [
    Word("red", weight: 4), Word("blue", weight: 4), Word("green", weight: 3),
    Word("yellow", weight: 2), Word("white", weight: 2), Word("purple"),
  ]

  static let toys: [Word] = [
    Word("ball", weight: 4), Word("kite", weight: 3), Word("hat", weight: 3),
    Word("scarf", weight: 2), Word("boat", weight: 2), Word("drum", weight: 2),
    Word("teddy bear"),
    Word("wagon"), Word("lantern"), Word("umbrella"),
  ]

  static let foods: [Word] = [
    Word("apple pie"), Word("honey cake"), Word("warm bread"), Word("nut bread"),
    Word("berry pie"), Word("pear tart"), Word("plum cake"), Word("cheese"),
  ]

  private static func girl(_ name: String) -> Word {
    Word(
      name,
      [
        .kind: "girl", .subject: "she", .capitalSubject: "She", .object: "her",
        .possessive: "her",
      ])
  }

  private static func boy(_ name: String) -> Word {
    Word(
      name,
      [
        .kind: "boy", .subject: "he", .capitalSubject: "He", .object: "him",
        .possessive: "his",
      ])
  }

  /// `kind` is the word with its article.
  private static func animal(_ name: String, sound: String, place: String) -> Word {
    let article = "aeiou".contains(name.prefix(1)) ? "an" : "a"
    return Word(name, [.kind: "\(article) \(name)", .sound: sound, .place: place])
  }
}
