import Basics

/// Task 2: a short biography with invented personal data: social security numbers from the never-issued 900 area,
/// telephone numbers from the 555-01xx block and mail addresses at the reserved example domains.
enum BiographyWriter {
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]
  private static let streets = [
    "Alder Row", "Candle Street", "Dyer's Walk", "Foundry Lane", "Heron Close", "Juniper Avenue", "Lantern Hill",
    "Mill Terrace", "Orchard Rise", "Quarry Road", "Saddler's Court", "Thistle Way",
  ]
  private static let jobs = [
    "a surveyor of canals", "a teacher of geometry", "a repairer of organs", "a translator of letters",
    "a breeder of hill ponies", "a designer of stage sets", "a keeper of public records", "an inspector of lighthouses",
  ]

  static func write(_ names: inout Names, _ random: inout RandomStream) -> FictitiousDocument {
    let name = names.person(&random)
    let parts = name.lowercased().split(separator: " ").map(String.init)
    let town = names.place(&random)
    let birth =
      "\(pick(months, &random)) \(1 + random.next(below: 28)), \(1940 + random.next(below: 60))"
    func digits(_ count: Int) -> String { (0..<count).map { _ in String(random.next(below: 10)) }.joined() }
    let security = "9\(digits(2))-\(digits(2))-\(digits(4))"
    let phone = "\(2 + random.next(below: 8))\(digits(2))-555-01\(digits(2))"
    let mail = "\(parts.joined(separator: "."))\(random.next(below: 90) + 10)@example.\(pick(["com", "org"], &random))"
    let address = "\(1 + random.next(below: 980)) \(pick(streets, &random)), \(town)"
    return FictitiousDocument(
      sentences: [
        "\(name) was born on \(birth) and works as \(pick(jobs, &random)).",
        "The social security number of \(name) is \(security).",
        "Calls are answered at \(phone), and letters reach the home at \(address).",
        "The mail address is \(mail).",
      ],
      questions: [
        ("What is the birth date of \(name)?", birth),
        ("What is the social security number of \(name)?", security),
        ("What is the phone number of \(name)?", phone),
        ("What is the email address of \(name)?", mail),
        ("What is the home address of \(name)?", address),
      ])
  }
}
