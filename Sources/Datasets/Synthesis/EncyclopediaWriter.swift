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
    let people = 900 + random.next(below: 90_000)
    let year = 1100 + random.next(below: 750)
    let trade = pick(["slate", "barley", "felt hats", "salt", "clay pipes", "smoked eel", "bell rope"], &random)
    return FictitiousDocument(
      sentences: [
        "\(name) is a market town on the \(river), first recorded in \(year).",
        "It has \(people) inhabitants and is known for its \(trade).",
        "The old centre lies on the left bank, where a stone bridge with \(3 + random.next(below: 9)) arches crosses.",
        "A railway reached the town in \(1845 + random.next(below: 60)) and was closed \(20 + random.next(below: 50)) "
          + "years later.",
      ],
      questions: [
        ("On which water does the town of \(name) lie?", river), ("What is the town of \(name) known for?", trade),
        ("In which year was \(name) first recorded?", String(year)),
      ])
  }

  private static func species(_ names: inout Names, _ random: inout RandomStream) -> FictitiousDocument {
    let name = names.thing(["warbler", "beetle", "orchid", "newt", "moss", "sedge", "finch", "moth"], &random)
    let region = names.place(&random)
    let length = 3 + random.next(below: 60)
    let food = pick(["pine seeds", "pond algae", "fallen pears", "sand flies", "lichen", "thistle heads"], &random)
    let finder = names.person(&random)
    return FictitiousDocument(
      sentences: [
        "The \(name) is a rare species of the hills around \(region).",
        "It was described in \(1780 + random.next(below: 190)) by \(finder), who had found it by chance.",
        "Adults reach \(length) millimetres and live on \(food).",
        "It is active from \(pick(["March", "April", "May"], &random)) to \(pick(["August", "September"], &random)) "
          + "and rests under bark for the rest of the year.",
      ],
      questions: [
        ("Who described the \(name)?", finder), ("What does the \(name) live on?", food),
        ("How long does the \(name) get?", "\(length) millimetres"),
      ])
  }

  private static func institution(_ names: inout Names, _ random: inout RandomStream) -> FictitiousDocument {
    let name = names.thing(["Institute", "Observatory", "Academy", "Museum", "Society"], &random)
    let town = names.place(&random)
    let founder = names.person(&random)
    let year = 1820 + random.next(below: 150)
    let subject = pick(["tides", "old bells", "mountain weather", "river fish", "dialects", "seed storage"], &random)
    return FictitiousDocument(
      sentences: [
        "The \(name) in \(town) was founded in \(year) by \(founder).",
        "It is devoted to the study of \(subject) and keeps \(2 + random.next(below: 400)) thousand records.",
        "Its building has \(2 + random.next(below: 7)) floors and a round reading room.",
        "Visitors are admitted on \(pick(["Tuesdays", "Thursdays", "Saturdays"], &random)) in the afternoon.",
      ],
      questions: [
        ("Who founded the \(name)?", founder), ("What is the \(name) devoted to?", "the study of \(subject)"),
        ("In which year was the \(name) founded?", String(year)),
      ])
  }
}
