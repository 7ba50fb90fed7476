package io.espalier.bench.accuracy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A network that is pruned in several ways.
 *
 * @param recipe of every line, before its overrides
 * @param windows by the percentage of the multiply-accumulates to lose, lines that differ in when
 *     and how they are cut; empty where nothing else is compared
 * @param references beside the lines, of the default images and epochs
 * @param examples of which {@code --images} takes a part; 0 where all are trained on
 * @param isText whether bits per character are what counts, else accuracy
 */
record ShrinkStudy(
    String network,
    String recipe,
    List<ShrinkRow> rows,
    Map<Integer, List<ShrinkRow>> windows,
    List<ReferencePoint> references,
    int examples,
    boolean isText) {
  ShrinkStudy {
    rows = List.copyOf(rows);
    references = List.copyOf(references);
  }

  /** The dense line, and those that compare windows for some shares. */
  List<ShrinkRow> compared(List<Integer> shares) {
    List<ShrinkRow> compared = new ArrayList<>(List.of(ShrinkRow.dense()));
    shares.forEach(share -> compared.addAll(windows.getOrDefault(share, List.of())));
    return compared;
  }

  static List<ShrinkStudy> all() {
    return List.of(ResidualStudy.study(), LanguageStudy.study());
  }
}
