package io.espalier.trainer.combination;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Classes of choices of each part that no rule tells apart: with any two choices of other parts
 * beside them, and the first of the rest, they break the same rules. Choices are named by their
 * positions; a class is named by its first.
 */
final class AlikeMembers {
  private final int[] sizes;
  private final Function<int[], List<Integer>> broken;

  /**
   * @param sizes the number of choices of each part
   * @param broken the rules that a choice of each part breaks
   */
  AlikeMembers(int[] sizes, Function<int[], List<Integer>> broken) {
    this.sizes = sizes.clone();
    this.broken = broken;
  }

  /** Of each part its classes. */
  List<List<List<Integer>>> classes() {
    List<List<List<Integer>>> classes = new ArrayList<>();
    for (int part = 0; part < sizes.length; part++) {
      Map<List<List<Integer>>, List<Integer>> alike = new LinkedHashMap<>();
      for (int choice = 0; choice < sizes[part]; choice++) {
        alike.computeIfAbsent(answers(part, choice), key -> new ArrayList<>()).add(choice);
      }
      classes.add(List.copyOf(alike.values()));
    }
    return classes;
  }

  private List<List<Integer>> answers(int part, int choice) {
    List<List<Integer>> answers = new ArrayList<>();
    int[] chosen = new int[sizes.length];
    chosen[part] = choice;
    for (int one = 0; one < sizes.length; one++) {
      for (int other = one + 1; other < sizes.length; other++) {
        if (one != part && other != part) {
          addAnswers(answers, chosen, one, other);
        }
      }
    }
    return answers;
  }

  private void addAnswers(List<List<Integer>> answers, int[] chosen, int one, int other) {
    for (int i = 0; i < sizes[one]; i++) {
      for (int j = 0; j < sizes[other]; j++) {
        int[] asked = chosen.clone();
        asked[one] = i;
        asked[other] = j;
        answers.add(broken.apply(asked));
      }
    }
  }
}
