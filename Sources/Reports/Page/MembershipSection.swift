/// Histograms of document losses: the attack works as far as members and nonmembers lie apart.
enum MembershipSection {
  static func view(_ membership: RunReport.Membership?) -> SectionView? {
    guard let membership else { return nil }
    let moments = [("before", membership.before), ("after", membership.after)]
    let all = moments.compactMap(\.1).flatMap { $0.member + $0.nonmember }
    guard let bins = HistogramBins(all) else { return nil }
    let greatest = moments.compactMap(\.1).flatMap { [$0.member, $0.nonmember] }
      .flatMap { bins.percentages(of: $0) }.max()
    let figures = moments.compactMap { name, losses in
      losses.flatMap { figure(name, $0, bins, greatest: greatest ?? 1) }
    }
    guard !figures.isEmpty else { return nil }
    return SectionView(
      heading: "Membership inference",
      lead:
        "The attack guesses that documents of low loss were trained on. It learns nothing where both kinds lie alike: "
        + "an AUC of 0.5.",
      figures: figures)
  }

  private static func figure(
    _ moment: String, _ losses: RunReport.Membership.Losses, _ bins: HistogramBins, greatest: Double
  ) -> FigureView? {
    let series = [
      Histogram.Series(
        name: "member", style: .vermilion, isDashed: false, percentages: bins.percentages(of: losses.member)),
      Histogram.Series(
        name: "nonmember", style: .blue, isDashed: true, percentages: bins.percentages(of: losses.nonmember)),
    ]
    let caption = Self.caption(losses)
    let histogram = Histogram(
      id: "membership-\(moment)", title: "Losses of members and nonmembers, \(moment)", description: caption,
      horizontalTitle: "document loss (nats per token)", verticalTitle: "documents (%)", bins: bins, series: series,
      greatest: greatest)
    return FigureView(moment == "before" ? "Before" : "After", histogram.drawing(), caption: caption)
  }

  private static func caption(_ losses: RunReport.Membership.Losses) -> String {
    var parts: [String] = []
    if let auc = losses.areaUnderCurve { parts.append("AUC \(NumberText.decimal(auc)).") }
    let (members, others) = (NumberText.grouped(losses.member.count), NumberText.grouped(losses.nonmember.count))
    parts.append("\(members) members, \(others) nonmembers.")
    let broken = (losses.member + losses.nonmember).count { !$0.isFinite }
    if broken > 0 {
      parts.append(
        "\(NumberText.grouped(broken)) \(broken == 1 ? "loss that is" : "losses that are") not finite: left out.")
    }
    return parts.joined(separator: " ")
  }
}
