package io.espalier.trainer.data;

import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.file.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A part of the classes of a data set, relabelled from 0 in the order in which they are asked for.
 */
public final class ClassSubset {
  private static final String KEY = "data.only-classes";

  private ClassSubset() {}

  /**
   * The examples of these classes, normalised as those of all are.
   *
   * @param asked names of classes; what is no name is an index; empty means all
   * @throws InvalidConfigException if a class is unknown, or a set has none of its examples
   */
  public static Dataset of(Dataset whole, List<String> asked) {
    if (asked.isEmpty()) {
      return whole;
    }
    if (whole.train().positions() > 1) {
      throw InvalidConfigException.of(
          KEY, "must be left away for a text, whose classes are its tokens: only-classes=" + asked);
    }
    List<Integer> classes = asked.stream().map(each -> index(each, whole.classNames())).toList();
    if (Set.copyOf(classes).size() < classes.size()) {
      throw InvalidConfigException.of(
          KEY, "must name each class once: only-classes=" + asked + ", indices=" + classes);
    }
    return new Dataset(
        whole.name(),
        part("training", whole.train(), classes),
        part("test", whole.test(), classes),
        new DataFormat(
            whole.input(),
            whole.columns(),
            whole.encoding(),
            classes.stream().map(whole.classNames()::get).toList(),
            whole.normalization()),
        Sha256.ofText(whole.digest() + " only-classes " + classes));
  }

  private static int index(String asked, List<String> names) {
    int index = names.contains(asked) ? names.indexOf(asked) : number(asked);
    if (index < 0 || index >= names.size()) {
      throw InvalidConfigException.of(
          KEY,
          "each must be the name or the index of a class: class=%s; classes are %s"
              .formatted(asked, names));
    }
    return index;
  }

  private static int number(String text) {
    return text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
  }

  private static Examples part(String set, Examples all, List<Integer> classes) {
    List<Integer> kept = new ArrayList<>();
    for (int example = 0; example < all.count(); example++) {
      if (classes.contains(all.label(example))) {
        kept.add(example);
      }
    }
    if (kept.isEmpty()) {
      throw InvalidConfigException.of(
          KEY, "must name a class with %s examples: indices=%s".formatted(set, classes));
    }
    int[] examples = kept.stream().mapToInt(Integer::intValue).toArray();
    int[] labels = IntStream.of(examples).map(each -> classes.indexOf(all.label(each))).toArray();
    return all.select(examples).labelled(labels);
  }
}
