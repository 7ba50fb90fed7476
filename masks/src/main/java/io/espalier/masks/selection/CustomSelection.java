package io.espalier.masks.selection;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.structure.Groups;
import java.util.List;
import java.util.function.Supplier;

/** A user's selection; errors name it. */
public record CustomSelection(PluginGuard code, Selection selection) implements Selection {
  static Selection of(SelectionProvider provider, MemberSettings settings) {
    PluginGuard code = PluginGuard.of(provider);
    return new CustomSelection(code, code.prepare("be created", () -> provider.create(settings)));
  }

  @Override
  public Selection in(Supplier<Groups> groups) {
    return new CustomSelection(
        code, code.prepare("look at the network", () -> selection.in(groups)));
  }

  @Override
  public List<Mask> keep(Ranking ranking, List<ParameterShape> parameters, List<Integer> counts) {
    List<Mask> kept =
        code.run(
            "choose what stays",
            () -> List.copyOf(selection.keep(ranking, parameters, List.copyOf(counts))));
    List<Mask> candidates = ranking.candidates();
    long planned = counts.stream().mapToLong(Integer::longValue).sum();
    if (kept.size() != candidates.size() || kept.stream().mapToLong(Mask::kept).sum() != planned) {
      throw code.broken(
          "keep exactly what the allocation gives, in a mask for each parameter: counts=%s, kept=%s"
              .formatted(counts, kept.stream().map(Mask::kept).toList()));
    }
    for (int p = 0; p < kept.size(); p++) {
      if (kept.get(p).size() != candidates.get(p).size()
          || kept.get(p).countAnd(candidates.get(p)) != kept.get(p).kept()) {
        throw code.broken(
            "keep candidates only: parameter=%s, units=%d, candidates=%s, kept=%s"
                .formatted(
                    parameters.get(p).id().name(),
                    candidates.get(p).size(),
                    candidates.get(p).kept(),
                    kept.get(p).kept()));
      }
    }
    return kept;
  }
}
