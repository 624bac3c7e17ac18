import Basics

/// Task 1: a short creative story.
enum StoryWriter {
  private static let trades = [
    "lamplighter", "clockmaker", "cartographer", "beekeeper", "ferry pilot", "glassblower", "archivist", "bell founder",
    "kite maker", "salt trader", "stonemason", "weather reader",
  ]
  private static let objects = [
    "a brass compass", "a sealed letter", "a cracked bell", "a jar of blue sand", "an unsigned map", "a silver key",
    "a folded sail", "a music box", "a glass feather", "a ledger bound in green cloth", "a lantern without a wick",
    "an iron whistle",
  ]
  private static let seasons = [
    "On the first night of frost", "In the last week of the harvest", "During the long rains", "Before the spring tide",
    "On the shortest day of the year", "When the swallows came back", "After the market had closed",
    "In the quiet hour before dawn",
  ]
  private static let troubles = [
    "the river began to run backwards", "every clock in the town stopped at the same minute",
    "the harbour lights went out one by one", "a voice called from the empty well",
    "the snow fell without touching the ground", "the bridge was gone, though nobody had heard it fall",
    "the bells rang under the water", "all the doors in the street stood open",
  ]
  private static let deeds = [
    "climbed the old tower and counted the stars twice", "followed the footprints as far as the salt marsh",
    "traded a winter coat for the truth", "waited three days at the crossing without sleeping",
    "read the names on every stone in the churchyard", "walked the whole wall of the town in the dark",
    "mended the great wheel with a piece of rope", "asked the oldest woman in the town and was laughed at",
    "wrote down everything and burned the page", "sailed out alone beyond the last buoy",
  ]
  private static let endings = [
    "and from that day on nobody spoke of it", "and the town kept the secret for a hundred years",
    "and the children still play at it in the square", "and the debt was paid at last",
    "and the light has not gone out since", "and the two of them never met again",
    "and the sea gave back what it had taken", "and the door was never locked again",
  ]

  static func write(sentences: Int, _ names: inout Names, _ random: inout RandomStream) -> FictitiousDocument {
    let hero = names.person(&random)
    let friend = names.person(&random)
    let town = names.place(&random)
    let given = hero.split(separator: " ").first.map(String.init) ?? hero
    let companion = friend.split(separator: " ").first.map(String.init) ?? friend
    let (trade, object, trouble) = (pick(trades, &random), pick(objects, &random), pick(troubles, &random))
    var text = [
      "\(hero) was the only \(trade) in \(town), and everybody there knew the sound of those slow steps.",
      "\(pick(seasons, &random)), \(trouble).",
      "In a pocket of the old coat \(given) found \(object), which \(friend) had left there without a word.",
    ]
    let order = random.shuffled(deeds)
    for index in 0..<max(0, sentences - 4) {
      let subject = index.isMultiple(of: 2) ? given : companion
      text.append("\(pick(seasons, &random)), \(subject) \(order[index % order.count]).")
    }
    text.append("In the end \(given) gave \(object) to \(companion), \(pick(endings, &random)).")
    return FictitiousDocument(
      sentences: text,
      questions: [
        ("What was the trade of \(hero)?", trade),
        ("What did \(friend) leave in the coat of \(hero)?", object),
        ("In which town did \(hero) live?", town),
      ])
  }
}
