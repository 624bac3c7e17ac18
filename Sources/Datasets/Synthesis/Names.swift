import Basics

/// Invented names. People, places and things are put together from syllables, so that no real one is meant.
struct Names {
  private static let givenNames = [
    "Alda", "Brisa", "Corvin", "Delphe", "Elstan", "Fenna", "Garrow", "Hesper", "Ilka", "Jorund", "Kestra", "Lorcan",
    "Maelis", "Norell", "Oswin", "Perrin", "Quilla", "Rowenna", "Saskia", "Tamsin", "Ulric", "Verity", "Wystan",
    "Yarrow",
  ]
  private static let starts = [
    "Ar", "Bel", "Cor", "Dun", "El", "Fal", "Gor", "Hal", "Is", "Kel", "Lor", "Mar", "Nor", "Or", "Pel", "Quor", "Ral",
    "Sel", "Tor", "Ul", "Var", "Wen", "Yor", "Zel",
  ]
  private static let middles = [
    "a", "an", "e", "el", "en", "i", "im", "in", "o", "ol", "on", "u", "ur", "and", "end", "ind", "ath", "eth", "ith",
  ]
  private static let familyEnds = ["brook", "croft", "dale", "field", "mere", "quist", "stone", "ton", "wick", "worth"]
  private static let placeEnds = ["bay", "burgh", "fell", "ford", "haven", "holm", "mouth", "port", "stead", "vale"]

  private var used: Set<String> = []

  private mutating func fresh(_ random: inout RandomStream, _ make: (inout RandomStream) -> String) -> String {
    // The lists allow far more names than a data set needs; a number keeps the last resort unique as well.
    for _ in 0..<64 {
      let name = make(&random)
      if used.insert(name).inserted { return name }
    }
    let name = make(&random) + " \(used.count)"
    used.insert(name)
    return name
  }

  private static func stem(_ random: inout RandomStream) -> String { pick(starts, &random) + pick(middles, &random) }

  mutating func person(_ random: inout RandomStream) -> String {
    fresh(&random) { random in
      "\(pick(Self.givenNames, &random)) \(Self.stem(&random))\(pick(Self.familyEnds, &random))"
    }
  }

  mutating func place(_ random: inout RandomStream) -> String {
    fresh(&random) { random in Self.stem(&random) + pick(Self.placeEnds, &random) }
  }

  mutating func thing(_ ends: [String], _ random: inout RandomStream) -> String {
    fresh(&random) { random in "\(Self.stem(&random))\(pick(Self.middles, &random)) \(pick(ends, &random))" }
  }
}

/// One of `choices`; the lists in this folder are never empty.
func pick(_ choices: [String], _ random: inout RandomStream) -> String {
  random.element(of: choices) ?? ""
}
