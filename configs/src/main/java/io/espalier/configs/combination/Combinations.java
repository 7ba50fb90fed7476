package io.espalier.configs.combination;

import java.util.List;
import java.util.stream.Stream;

/**
 * All rules about choices that do not go together. Where a rule depends on the nature of a member,
 * the member says it by the interface of its family in {@link io.espalier.configs.plugin}, so that
 * users' own members take part.
 */
public final class Combinations {
  /** Known once step rules are made, which their settings may decide. */
  public static final Combination PASSES = CourseCombinations.PASSES;

  /** Known once steps are counted. */
  public static final Combination DATA_BEFORE = CourseCombinations.DATA_BEFORE;

  /** Known once the network is laid out. */
  public static final Combination SPARSE_LAYERS = ExecutionCombinations.LAYERS;

  private static final List<Combination> ALL =
      Stream.of(
              PruneCombinations.all(),
              FederationCombinations.all(),
              CourseCombinations.all(),
              ExecutionCombinations.all())
          .flatMap(List::stream)
          .toList();

  private Combinations() {}

  public static List<Combination> all() {
    return ALL;
  }
}
