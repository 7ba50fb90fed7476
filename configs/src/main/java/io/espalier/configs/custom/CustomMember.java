package io.espalier.configs.custom;

import io.espalier.configs.MemberSettings;
import java.util.Map;

/**
 * A member of a family of choices, which recipes name.
 *
 * <p>Built-in members are listed by the {@link BuiltInMembers} of their family. Users' members are
 * found by {@link java.util.ServiceLoader}: a public class with a public constructor without
 * arguments, listed in {@code META-INF/services/io.espalier.configs.custom.CustomMember}. Both
 * implement the sub-interface of their family: {@code NetworkProvider}, {@code
 * InitializerProvider}, {@code OptimizerProvider}, {@code LearningRateProvider}, {@code
 * ObjectiveProvider}, {@code StepRuleProvider}, {@code ScoreProvider}, {@code AllocationProvider},
 * {@code SelectionProvider}, {@code UnitsProvider}, {@code ScheduleProvider}, {@code
 * MaskKindProvider}, {@code RegrowthProvider}, {@code RefitProvider}, {@code GaugeProvider} or
 * {@code DataProvider}. A member holds no state: one run may make several instances, and call each
 * more than once.
 */
public interface CustomMember {
  CustomFamily family();

  /** The name in recipes: lower-case words joined by hyphens, unique within the family. */
  String name();

  /** The keys that a recipe may give beside the name, with their defaults. */
  default CustomKeys keys() {
    return CustomKeys.NONE;
  }

  /**
   * Members of other families that this one needs, by family: a recipe that names none gets them,
   * and one that names others is refused.
   */
  default Map<CustomFamily, String> needs() {
    return Map.of();
  }

  /**
   * Refuses invalid settings while the recipe is read.
   *
   * @throws io.espalier.configs.Rules.BrokenRulesException naming each key that breaks a rule
   */
  default void check(MemberSettings settings) {}
}
