package io.espalier.trainer.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Finds classes that a split leaves without examples, tokens of a text excepted. Each answer is a
 * sentence.
 */
public final class ClassCoverage {
  private static final int SHOWN = 5;

  private final List<String> classNames;

  private ClassCoverage(List<String> classNames) {
    this.classNames = classNames;
  }

  public static List<String> ofTest(Dataset dataset) {
    if (dataset.train().positions() > 1) {
      return List.of();
    }
    ClassCoverage classes = new ClassCoverage(dataset.classNames());
    int[] train = classes.counts(dataset.train().labels());
    int[] test = classes.counts(dataset.test().labels());
    List<String> notices = new ArrayList<>();
    classes
        .list(label -> train[label] == 0, test, "test")
        .ifPresent(
            list ->
                notices.add(
                    "no training example of %s; such a class cannot be learned".formatted(list)));
    classes
        .list(label -> test[label] == 0 && train[label] > 0, train, "training")
        .ifPresent(
            list ->
                notices.add(
                    "no test example of %s; the accuracy says nothing about such a class"
                        .formatted(list)));
    return notices;
  }

  /** Says too if the validation split takes all examples of a class from the training. */
  public static List<String> ofValidation(Dataset dataset, Splits splits) {
    int[] held = splits.validation();
    if (held.length == 0 || dataset.train().positions() > 1) {
      return List.of();
    }
    ClassCoverage classes = new ClassCoverage(dataset.classNames());
    int[] all = classes.counts(dataset.train().labels());
    int[] validation = classes.counts(IntStream.of(held).map(dataset.train()::label).toArray());
    List<String> notices = new ArrayList<>();
    classes
        .list(label -> all[label] > 0 && all[label] == validation[label], validation, "validation")
        .ifPresent(
            list ->
                notices.add(
                    "data.validation takes every training example of %s; such a class cannot be learned"
                        .formatted(list)));
    classes
        .list(label -> all[label] > 0 && validation[label] == 0, all, "training")
        .ifPresent(list -> notices.add("no validation example of " + list));
    return notices;
  }

  private int[] counts(int[] labels) {
    int[] counts = new int[classNames.size()];
    IntStream.of(labels).forEach(label -> counts[label]++);
    return counts;
  }

  private Optional<String> list(IntPredicate isMissing, int[] others, String set) {
    List<Integer> missing =
        IntStream.range(0, classNames.size()).filter(isMissing).boxed().toList();
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    String names =
        missing.stream()
            .limit(SHOWN)
            .map(label -> "'%s' (%s=%d)".formatted(classNames.get(label), set, others[label]))
            .collect(Collectors.joining(", "));
    return Optional.of(
        "%d of %d classes: %s%s"
            .formatted(
                missing.size(), classNames.size(), names, missing.size() > SHOWN ? ", …" : ""));
  }
}
