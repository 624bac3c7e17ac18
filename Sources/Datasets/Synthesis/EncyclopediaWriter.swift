import Basics

/// Task 3: an encyclopaedic paragraph about an invented place, species or institution.
enum EncyclopediaWriter {
  static func write(_ names: inout Names, _ random: inout RandomStream) -> FictitiousDocument {
    switch random.next(below: 3) {
    case 0: return place(&names, &random)
    case 1: return species(&names, &random)
    default: return institution(&names, &random)
    }
  }

  private static func place(_ names: inout Names, _ random: inout RandomStream) -> FictitiousDocument {
    let name = names.place(&random)
    let river = names.thing(["Water", "Beck", "Brook", "Run"], &random)
    let year = String(1100 + random.next(below: 750))
    let trade = pick(
      ["slate", "barley", "felt hats", "salt", "clay pipes", "smoked eel", "bell rope", "pewter", "linen"], &random)
    let slots = [
      "name": name, "river": river, "year": year, "trade": trade, "people": String(900 + random.next(below: 90_000)),
      "arches": String(3 + random.next(below: 9)), "rail": String(1845 + random.next(below: 60)),
      "decades": String(2 + random.next(below: 6)),
    ]
    let facts = [
      ["The place is known for its {trade}.", "{trade+} made it rich.", "Merchants came here to buy {trade}."],
      ["It has {people} inhabitants.", "At the last count {people} people lived here.", "Population: {people}."],
      [
        "A stone bridge with {arches} arches links both banks.", "Of the old bridge {arches} arches are left.",
        "The {arches}-arched bridge was paid for by a lottery.",
      ],
      [
        "A railway reached it in {rail}.", "Trains called here for {decades} decades from {rail} on.",
        "The branch line of {rail} is now a footpath.",
      ],
    ]
    let opening = [
      "{name} is a market town on the {river}, first recorded in {year}.",
      "First recorded in {year}, the town of {name} lies on the {river}.",
      "Where the {river} leaves the hills stands {name}, a town first recorded in {year}.",
    ]
    return document(opening, facts, slots, about: "a clerk of \(name)", &random) {
      [
        ("On which water does the town of \(name) lie?", river), ("What is the town of \(name) known for?", trade),
        ("In which year was \(name) first recorded?", year),
      ]
    }
  }

  private static func species(_ names: inout Names, _ random: inout RandomStream) -> FictitiousDocument {
    let name = names.thing(["warbler", "beetle", "orchid", "newt", "moss", "sedge", "finch", "moth"], &random)
    let finder = names.person(&random)
    let length = String(3 + random.next(below: 60))
    let food = pick(["pine seeds", "pond algae", "fallen pears", "sand flies", "lichen", "thistle heads"], &random)
    let slots = [
      "name": name, "region": names.place(&random), "finder": finder, "length": length, "food": food,
      "year": String(1780 + random.next(below: 190)), "spring": pick(["March", "April", "May"], &random),
      "pairs": String(40 + random.next(below: 900)),
    ]
    let facts = [
      [
        "Grown ones reach {length} millimetres.", "It gets {length} millimetres long.", "Length: {length} millimetres.",
      ],
      ["It lives on {food}.", "{food+} are its whole diet.", "Nothing but {food} will feed it."],
      ["First sightings fall in {spring}.", "It wakes in {spring}.", "From {spring} onwards it can be watched."],
      ["Some {pairs} remain.", "A survey found {pairs} of them.", "Keepers raise {pairs} a year."],
    ]
    let opening = [
      "The {name}, described in {year} by {finder}, is native to the hills around {region}.",
      "{finder} described the {name} in {year}, after a walk near {region}.",
      "Around {region} lives the {name}, which {finder} described in {year}.",
    ]
    return document(opening, facts, slots, about: finder, &random) {
      [
        ("Who described the \(name)?", finder), ("What does the \(name) live on?", food),
        ("How long does the \(name) get?", "\(length) millimetres"),
      ]
    }
  }

  private static func institution(_ names: inout Names, _ random: inout RandomStream) -> FictitiousDocument {
    let name = names.thing(["Institute", "Observatory", "Academy", "Museum", "Society"], &random)
    let founder = names.person(&random)
    let year = String(1820 + random.next(below: 150))
    let subject = pick(["tides", "old bells", "mountain weather", "river fish", "dialects", "seed storage"], &random)
    let slots = [
      "name": name, "town": names.place(&random), "founder": founder, "year": year, "subject": subject,
      "records": String(2 + random.next(below: 400)), "floors": String(2 + random.next(below: 7)),
      "day": pick(["Tuesdays", "Thursdays", "Saturdays"], &random),
    ]
    let facts = [
      [
        "It is devoted to the study of {subject}.", "Its fellows study {subject}.",
        "The study of {subject} is its purpose.",
      ],
      ["The archive keeps {records} thousand records.", "{records} thousand items fill the shelves."],
      ["The building has {floors} floors.", "Its {floors} storeys end in a dome.", "Readers climb {floors} flights."],
      ["Visitors are admitted on {day}.", "Doors open to the public on {day}.", "Guided walks take place on {day}."],
    ]
    let opening = [
      "The {name} in {town} was founded in {year} by {founder}.",
      "{founder} founded the {name} of {town} in {year}.",
      "Founded in {year}, the {name} at {town} owes its existence to {founder}.",
    ]
    return document(opening, facts, slots, about: "the first warden", &random) {
      [
        ("Who founded the \(name)?", founder), ("What is the \(name) devoted to?", "the study of \(subject)"),
        ("In which year was the \(name) founded?", year),
      ]
    }
  }

  /// An opening, the facts in random order and wording, and a scene.
  private static func document(
    _ opening: [String], _ facts: [[String]], _ slots: [String: String], about subject: String,
    _ random: inout RandomStream, questions: () -> [(question: String, answer: String)]
  ) -> FictitiousDocument {
    var slots = slots
    for (key, value) in slots { slots["\(key)+"] = value.prefix(1).uppercased() + value.dropFirst() }
    let middle = random.shuffled(facts).map { Wording.phrase($0, slots, &random) }
    return FictitiousDocument(
      sentences: [Wording.phrase(opening, slots, &random)] + middle + [Wording.scene(subject, &random)],
      questions: questions())
  }
}
