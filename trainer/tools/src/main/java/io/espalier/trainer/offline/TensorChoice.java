package io.espalier.trainer.offline;

import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.file.NamePattern;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.file.TensorSpan;
import java.util.ArrayList;
import java.util.List;

/** The tensors that are pruned: those that can be, as far as globs over their names allow. */
record TensorChoice(List<NamePattern> include, List<NamePattern> exclude) {
  private static final int MOST_NAMES = 20;

  static TensorChoice of(List<String> include, List<String> exclude) {
    return new TensorChoice(NamePattern.all(include), NamePattern.all(exclude));
  }

  List<PrunableTensor> among(NetworkFiles network) {
    List<TensorSpan> all =
        network.files().stream().flatMap(file -> file.tensors().stream()).toList();
    requireMatches("include", include, all);
    requireMatches("exclude", exclude, all);
    List<PrunableTensor> chosen = new ArrayList<>();
    for (TensorFile file : network.files()) {
      for (TensorSpan span : file.tensors()) {
        if (takes(span)) {
          chosen.add(new PrunableTensor(file.path(), span));
        }
      }
    }
    if (chosen.isEmpty()) {
      throw InvalidConfigException.of(
          "exclude",
          "must leave something to prune, a tensor of two or more axes of F32, F16 or BF16: tensors=%s"
              .formatted(shown(all)));
    }
    return chosen;
  }

  private boolean takes(TensorSpan span) {
    boolean included = include.isEmpty() || NamePattern.anyMatches(include, span.name());
    return PrunableTensor.canBe(span) && included && !NamePattern.anyMatches(exclude, span.name());
  }

  private static void requireMatches(
      String key, List<NamePattern> patterns, List<TensorSpan> tensors) {
    for (NamePattern pattern : patterns) {
      List<TensorSpan> matched =
          tensors.stream().filter(span -> pattern.matches(span.name())).toList();
      if (matched.isEmpty()) {
        throw InvalidConfigException.of(
            key,
            "each glob must match a tensor: glob=%s; tensors are %s"
                .formatted(pattern.text(), shown(tensors)));
      }
      if (key.equals("include") && matched.stream().noneMatch(PrunableTensor::canBe)) {
        throw InvalidConfigException.of(
            key,
            "each glob must match a tensor of two or more axes of %s, %s or %s: glob=%s, matched=%s"
                .formatted(
                    StoredTensor.Type.F32,
                    StoredTensor.Type.F16,
                    StoredTensor.Type.BF16,
                    pattern.text(),
                    shown(matched)));
      }
    }
  }

  private static String shown(List<TensorSpan> tensors) {
    List<String> names =
        tensors.stream()
            .limit(MOST_NAMES)
            .map(span -> "%s %s %s".formatted(span.name(), span.type(), span.dimensions()))
            .toList();
    int more = tensors.size() - names.size();
    return String.join(", ", names) + (more > 0 ? " and %d more".formatted(more) : "");
  }
}
