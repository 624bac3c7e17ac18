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
    "a painter of shop signs", "a grower of pears", "a restorer of frescoes", "a pilot of barges",
  ]
  private static let birthPhrasings = [
    "{name} was born on {birth} and works as {job}.",
    "Born on {birth}, {name} became {job}.",
    "{name}, {job}, celebrates each birthday on {birth} of a long-gone year.",
    "The parish book has {birth} for {name}, today {job}.",
    "Having trained as {job}, {name} (born {birth}) never did anything else.",
    "Colleagues know {name} as {job}; the birth date is {birth}.",
  ]
  private static let securityPhrasings = [
    "The social security number of {name} is {security}.",
    "Tax papers list {security} as the social security number.",
    "{security} is what the social security card says.",
    "Pension letters quote {security}, the social security number, in red.",
    "On file under social security number {security}.",
  ]
  private static let phonePhrasings = [
    "Calls are answered at {phone}.", "Try {phone} after supper.", "The telephone, {phone}, rings in the hall.",
    "{phone} reaches the workshop.", "Anyone may dial {phone}.",
  ]
  private static let addressPhrasings = [
    "Letters reach the home at {address}.", "Home is a brick house, {address}.",
    "Since the flood the family has lived at {address}.", "{address} is printed on the gate.",
    "Parcels go to {address}, never to the office.",
  ]
  private static let mailPhrasings = [
    "The mail address is {mail}.", "Write to {mail} for prices.", "Messages sent to {mail} are read on Mondays.",
    "{mail} appears on every invoice.", "Online the contact is {mail}.",
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
    let slots = [
      "name": name, "birth": birth, "job": pick(jobs, &random), "security": security, "phone": phone, "mail": mail,
      "address": address,
    ]
    let given = name.split(separator: " ").first.map(String.init) ?? name
    let details = random.shuffled([securityPhrasings, phonePhrasings, addressPhrasings, mailPhrasings]).map {
      Wording.phrase($0, slots, &random)
    }
    return FictitiousDocument(
      sentences: [Wording.phrase(birthPhrasings, slots, &random)] + details + [Wording.scene(given, &random)],
      questions: [
        ("What is the birth date of \(name)?", birth),
        ("What is the social security number of \(name)?", security),
        ("What is the phone number of \(name)?", phone),
        ("What is the email address of \(name)?", mail),
        ("What is the home address of \(name)?", address),
      ])
  }
}
