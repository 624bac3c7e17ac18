import Basics

/// Task 1: a short creative story.
enum StoryWriter {
  private static let trades = [
    "lamplighter", "clockmaker", "cartographer", "beekeeper", "ferry pilot", "glassblower", "archivist", "bell founder",
    "kite maker", "salt trader", "stonemason", "weather reader", "bookbinder", "falconer", "piano tuner", "seamstress",
  ]
  private static let openings = [
    "{hero} was the only {trade} in {town}.",
    "In {town} there lived a {trade} whom everybody called {hero}.",
    "Nobody had asked for another {trade}, yet {hero} came to {town} all the same.",
    "{town} never forgave its {trade}, {hero}, for being right.",
    "They say that {hero}, {trade} by birth, could hear {town} breathe.",
    "The {trade} of {town} signed each bill as {hero}.",
  ]
  private static let gifts = [
    "{friend} left {object} in the coat of {given}.",
    "Sewn into the lining, where {friend} had hidden it, {given} discovered {object}.",
    "The post brought {given} {object}, sent by {friend}.",
    "{object+} was all that {friend} ever gave to {given}.",
    "Of everything in the locked trunk {given} kept only {object}, because it had been {friend}'s.",
    "Dying, {friend} pressed {object} into {given}'s hand.",
  ]

  static func write(sentences: Int, _ names: inout Names, _ random: inout RandomStream) -> FictitiousDocument {
    let hero = names.person(&random)
    let friend = names.person(&random)
    let town = names.place(&random)
    let given = hero.split(separator: " ").first.map(String.init) ?? hero
    let companion = friend.split(separator: " ").first.map(String.init) ?? friend
    let (trade, object) = (pick(trades, &random), Wording.thing(&random))
    let slots = [
      "hero": hero, "trade": trade, "town": town, "friend": friend, "given": given, "object": object,
      "object+": object.prefix(1).uppercased() + object.dropFirst(),
    ]
    var text = [
      Wording.phrase(openings, slots, &random), Wording.scene(given, &random), Wording.phrase(gifts, slots, &random),
    ]
    while text.count < sentences { text.append(Wording.scene(random.next(below: 2) == 0 ? given : companion, &random)) }
    return FictitiousDocument(
      sentences: text,
      questions: [
        ("What was the trade of \(hero)?", trade),
        ("What did \(friend) give to \(hero)?", object),
        ("In which town did \(hero) live?", town),
      ])
  }
}
