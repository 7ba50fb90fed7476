package io.espalier.bench.accuracy;

import java.util.List;

/**
 * A network that is pruned in several ways.
 *
 * @param recipe of every line, before its overrides
 * @param examples of which {@code --images} takes a part; 0 where all are trained on
 * @param isText whether bits per character are what counts, else accuracy
 */
record ShrinkStudy(
    String network, String recipe, List<ShrinkRow> rows, int examples, boolean isText) {
  ShrinkStudy {
    rows = List.copyOf(rows);
  }

  static List<ShrinkStudy> all() {
    return List.of(ResidualStudy.study(), LanguageStudy.study());
  }
}
