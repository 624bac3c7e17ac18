import Basics

/// Banks of words and the sentences made from them.
///
/// Two documents must not share their wording, or a model that has forgotten one could still recite half of it from the
/// other, and no figure would show the difference. So every fact has many phrasings, and the sentences between facts are
/// put together from banks whose combinations run into the millions.
enum Wording {
  private static let qualities = [
    "amber", "battered", "brittle", "carved", "copper", "crooked", "dappled", "enamelled", "faded", "gilded", "hollow",
    "inky", "knotted", "lacquered", "leaden", "marbled", "narrow", "oiled", "painted", "quilted", "ragged", "scorched",
    "stitched", "tarnished", "velvet", "waxed", "woven", "yellowed",
  ]
  private static let objects = [
    "almanac", "anchor", "astrolabe", "banner", "basket", "bellows", "cello", "chalice", "chisel", "cradle", "drum",
    "flute", "globe", "hammock", "hourglass", "inkwell", "kettle", "lantern", "loom", "mandolin", "mirror", "monocle",
    "oar", "parcel", "pendulum", "puppet", "saddle", "sextant", "thimble", "trumpet", "umbrella", "wardrobe",
  ]
  private static let actions = [
    "abandoned", "auctioned", "borrowed", "bought", "buried", "carried", "catalogued", "concealed", "dismantled",
    "drew", "dropped", "exchanged", "forged", "guarded", "hauled", "inherited", "lost", "mended", "mislaid", "polished",
    "repainted", "rescued", "sketched", "smuggled", "stole", "traded", "unwrapped", "weighed",
  ]
  private static let places = [
    "behind the tannery", "beneath the viaduct", "by the frozen weir", "above the apothecary", "near the toll gate",
    "inside a disused kiln", "at the edge of the peat bog", "on the observatory stairs", "under the cedar",
    "between two granaries", "beside the ropewalk", "in the customs cellar", "across the drained lake",
    "along the chalk cliffs", "within earshot of the foundry", "outside the walled garden", "over the mill race",
    "among the beehives", "past the quarantine island", "opposite the theatre",
  ]
  private static let times = [
    "At daybreak", "One windless autumn", "Shortly before midnight", "Every other Thursday", "During an eclipse",
    "That same winter", "Seven years afterwards", "Once the thaw had set in", "While the choir rehearsed",
    "Against all advice", "In a sudden hailstorm", "Without any warning", "For reasons never explained",
    "As soon as the fair was over", "On the eve of a wedding", "Long after the curfew", "To general astonishment",
    "By lamplight", "Between two voyages", "With hardly a word",
  ]
  private static let witnesses = [
    "a deaf organist", "the harbour master's twins", "two travelling dentists", "an exiled botanist",
    "the night porter",
    "some quarrelsome carters", "a widowed falconer", "the youngest postman", "three silent monks", "a retired acrobat",
    "an impatient notary", "the baker's apprentice", "a troupe of fiddlers", "the lock keeper", "several geese",
    "a stranger in spectacles", "the mayor's gardener", "an old ferrywoman", "the census clerk", "a runaway cadet",
  ]
  private static let outcomes = [
    "nobody dared to ask why", "the price of candles doubled", "it rained for nineteen days", "all letters went astray",
    "a long silence followed", "the orchestra refused to play", "the well turned sweet again", "every dog fell asleep",
    "the debt was cancelled", "a rumour crossed the border", "the clocks were put right", "the harvest came in early",
    "the newspapers printed a correction", "the ice held until May", "the lawsuit was dropped",
    "swifts filled the belfry",
    "the lighthouse stayed dark", "an envelope arrived unopened", "the whole street moved away",
    "laughter drifted upstairs",
  ]

  /// `a gilded hourglass`.
  static func thing(_ random: inout RandomStream) -> String {
    let quality = pick(qualities, &random)
    let article = "aeiou".contains(quality.prefix(1)) ? "an" : "a"
    return "\(article) \(quality) \(pick(objects, &random))"
  }

  /// A sentence about what `subject` did.
  static func scene(_ subject: String, _ random: inout RandomStream) -> String {
    let skeletons = [
      "{time}, {subject} {action} {thing} {place}.",
      "{subject} {action} {thing} from {witness}, and {outcome}.",
      "{place+}, {subject} {action} {thing} while {witness} looked on.",
      "{time}, {witness} {action} {thing}; {outcome}.",
      "What {witness} {action} {place} was {thing}, and {subject} knew it.",
      "{time}, {outcome}, so {subject} {action} {thing}.",
      "{subject} and {witness} {action} {thing} {place} until {outcome}.",
      "There was {thing} {place}, which {witness} had once {action}.",
    ]
    let place = pick(places, &random)
    return fill(
      pick(skeletons, &random),
      [
        "time": pick(times, &random), "subject": subject, "action": pick(actions, &random), "thing": thing(&random),
        "place": place, "place+": place.prefix(1).uppercased() + place.dropFirst(), "witness": pick(witnesses, &random),
        "outcome": pick(outcomes, &random),
      ])
  }

  /// One of several phrasings of a fact, its `{slots}` filled.
  static func phrase(_ phrasings: [String], _ slots: [String: String], _ random: inout RandomStream) -> String {
    fill(pick(phrasings, &random), slots)
  }

  /// No value holds a slot, so that the order of replacement does not matter.
  private static func fill(_ template: String, _ slots: [String: String]) -> String {
    let text = slots.reduce(template) { $0.replacing("{\($1.key)}", with: $1.value) }
    return text.prefix(1).uppercased() + text.dropFirst()
  }
}
