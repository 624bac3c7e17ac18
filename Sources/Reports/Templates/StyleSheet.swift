/// The page's style: system fonts, colours as custom properties for both themes, and rules for print.
///
/// Colours of series are those of Okabe and Ito, which people with colour-blindness tell apart, lightened for dark pages.
enum StyleSheet {
  static let text = [colors, layout, tables, charts, print].joined(separator: "\n")

  private static let colors = """
    :root{--page:#fff;--ink:#1b1f24;--soft:#57606a;--faint:#8b949e;--rule:#d9dee3;--panel:#f6f8fa;
    --good:#11693a;--bad:#b3261e;--blue:#0072b2;--vermilion:#d55e00;--green:#00875f;--purple:#b0568f;--sky:#56b4e9;
    --amber:#e69f00;--grey:#8c959f;--warning:#fff6e0;--warning-rule:#d9a520;--note:#eaf3fb;--note-rule:#5b9bd0}
    @media (prefers-color-scheme:dark){:root{--page:#14171b;--ink:#e6e9ed;--soft:#a3adb8;--faint:#77818c;--rule:#30363d;
    --panel:#1c2127;--good:#5fd08f;--bad:#ff8a80;--blue:#5cb6f2;--vermilion:#ff9248;--green:#3fcf9f;--purple:#df8fc2;
    --sky:#9ad7fb;--amber:#f2c14e;--grey:#7d8793;--warning:#2e2613;--warning-rule:#b58a1b;--note:#14283a;--note-rule:#3f7fb5}}
    """

  private static let layout = """
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--page);color:var(--ink);
    font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
    main,footer{max-width:60rem;margin:0 auto;padding:0 1.5rem}
    header{padding-top:3rem}
    .kicker{margin:0;color:var(--soft);font-size:.8125rem;letter-spacing:.06em;text-transform:uppercase}
    h1{margin:.15rem 0 .5rem;font-size:2rem;line-height:1.2;font-weight:650;overflow-wrap:anywhere}
    h2{margin:3.25rem 0 .75rem;padding-top:1rem;border-top:1px solid var(--rule);font-size:1.3125rem;font-weight:650}
    h3{margin:1.25rem 0 .5rem;font-size:.9375rem;font-weight:600}
    .sentence{margin:0;text-wrap:pretty;font-size:1.125rem;overflow-wrap:anywhere}
    .lead{margin:0 0 .5rem;max-width:46rem;color:var(--soft)}
    .verdict{display:flex;flex-wrap:wrap;gap:1rem;margin:1.5rem 0}
    .verdict>div{flex:1 1 11rem;padding:.9rem 1.1rem 1rem;background:var(--panel);border-radius:.5rem}
    .verdict dt{color:var(--soft);font-size:.875rem;overflow-wrap:anywhere}
    .verdict dd{margin:.1rem 0 0;font-size:clamp(1.25rem,2.8vw,1.75rem);white-space:nowrap;line-height:1.25;font-weight:600;font-variant-numeric:tabular-nums}
    .verdict .from,.to-arrow{color:var(--soft);font-weight:400}
    .verdict .mark{font-size:1.25rem;vertical-align:.1em}
    .note{margin:1rem 0;padding:.65rem 1rem;border-left:.25rem solid var(--note-rule);background:var(--note);
    border-radius:.25rem;overflow-wrap:anywhere}
    .warning{border-color:var(--warning-rule);background:var(--warning)}
    .warning ul{margin:.25rem 0 0;padding-left:1.25rem}
    .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr));gap:.5rem 2.5rem;
    align-items:start}
    .figures>*{min-width:0;max-width:34rem}
    figure{margin:0}
    @media (max-width:56rem){.small-table{grid-column:1/-1}}
    figure.wide{grid-column:1/-1;max-width:none}
    figcaption,.key{margin:.5rem 0 0;color:var(--soft);font-size:.875rem}
    footer{margin-top:3.5rem;padding-top:1rem;padding-bottom:2.5rem;color:var(--soft);font-size:.8125rem}
    .scroll{overflow-x:auto}
    .spoken{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
    """

  private static let tables = """
    table{border-collapse:collapse;font-size:.9375rem;font-variant-numeric:tabular-nums lining-nums}
    th{font-weight:400;text-align:left}
    td,th{padding:.3rem .75rem .3rem 0;vertical-align:baseline}
    thead th{color:var(--soft);font-size:.8125rem;border-bottom:1px solid var(--rule);white-space:nowrap}
    tbody tr:not(.group)+tr td,tbody tr:not(.group)+tr th{border-top:1px solid var(--rule)}
    .number{padding-left:.75rem;padding-right:0;text-align:right;white-space:nowrap}
    .metrics,.scores{width:100%}
    .metrics tbody th{min-width:9rem;overflow-wrap:anywhere}
    @media (max-width:44rem){.range-cell,.range-head{display:none}}
    .group th{padding-top:1.35rem;font-weight:600;border-bottom:1px solid var(--rule)}
    .after{font-weight:600}
    .arrow{color:var(--soft);white-space:nowrap}
    .range-cell{width:112px;padding-right:0;line-height:0;vertical-align:middle}
    .range-cell svg{vertical-align:middle}
    .range-head{width:112px;padding-right:0}
    .range-head span{display:inline-block;width:50%;padding:0 4px;font-size:.75rem;color:var(--faint)}
    .range-head span+span{text-align:right}
    .mark{display:inline-block;width:1.1em;text-align:center;font-weight:600}
    .mark.better{color:var(--good)}.mark.worse{color:var(--bad)}.mark.same{color:var(--faint)}
    .scores{font-size:.8125rem}
    .scores td,.scores th{padding-top:.15rem;padding-bottom:.15rem}
    .tables{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,18rem),1fr));gap:0 2.5rem;
    align-items:start}
    .entries{width:100%;font-size:.875rem}
    .entries tbody th{width:45%;color:var(--soft);overflow-wrap:anywhere}
    .entries td{padding-right:0;overflow-wrap:anywhere}
    .files tbody th{width:auto;color:inherit}
    code,pre{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;font-size:.8125rem}
    .command{margin:0;padding:.75rem 1rem;background:var(--panel);border-radius:.375rem;white-space:pre-wrap;
    overflow-wrap:anywhere}
    """

  private static let charts = """
    figure svg{display:block;width:100%;height:auto;overflow:visible}
    .wide svg{min-width:34rem}
    svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
    font-variant-numeric:tabular-nums;fill:var(--soft)}
    svg .axis-title,svg .legend,svg .group-name{fill:var(--ink)}
    svg .value{fill:var(--ink);font-size:11px;paint-order:stroke;stroke:var(--page);stroke-width:3px}
    svg .guide-name{font-size:11px}
    .grid{stroke:var(--rule);stroke-width:1}
    .axis{stroke:var(--faint);stroke-width:1}
    .guide{stroke:var(--ink);stroke-width:1;stroke-dasharray:3 3}
    .blue{--series:var(--blue)}.vermilion{--series:var(--vermilion)}.green{--series:var(--green)}
    .purple{--series:var(--purple)}.sky{--series:var(--sky)}.amber{--series:var(--amber)}.grey{--series:var(--grey)}
    .line{fill:none;stroke:var(--series);stroke-width:1.75;stroke-linejoin:round;stroke-linecap:round}
    .point{fill:var(--series);stroke:var(--page);stroke-width:1}
    .bar{fill:var(--series)}
    .area{fill:var(--series);fill-opacity:.22;stroke:var(--series);stroke-width:1.5;stroke-linejoin:round}
    .area.dashed{fill-opacity:.12;stroke-dasharray:5 3}
    .rollback{fill:none;stroke:var(--bad);stroke-width:1.75;stroke-linecap:round}
    .rollback-line{stroke:var(--bad);stroke-width:1;stroke-opacity:.35}
    .range{stroke:var(--rule);stroke-width:2;stroke-linecap:round}
    .range-change{stroke-width:3;stroke:var(--faint)}
    .range-change.better{stroke:var(--good)}.range-change.worse{stroke:var(--bad)}
    .range-before{fill:var(--page);stroke:var(--soft);stroke-width:1.5}
    .range-after{fill:var(--ink)}
    .range-reference{stroke:var(--purple);stroke-width:2.5}
    """

  private static let print = """
    @media print{:root{--page:#fff;--ink:#000;--soft:#444;--faint:#777;--rule:#ccc;--panel:#f4f4f4;--good:#11693a;
    --bad:#b3261e;--blue:#0072b2;--vermilion:#d55e00;--green:#00875f;--purple:#b0568f;--sky:#56b4e9;--amber:#e69f00;
    --grey:#8c959f;--warning:#fff6e0;--note:#eaf3fb}
    body{font-size:10pt}main,footer{max-width:none;padding:0}header{padding-top:0}
    h2,h3{break-after:avoid}figure,tr,.note,.verdict>div{break-inside:avoid}.scroll{overflow:visible}
    .bar,.area,.verdict>div,.note,svg *{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
    """
}
