package io.espalier.configs.custom;

import io.espalier.configs.CustomSettings;

/**
 * A choice that a user brings, which recipes name like a built-in one.
 *
 * <p>Members are found by {@link java.util.ServiceLoader}: a public class with a public constructor
 * without arguments, listed in {@code META-INF/services/io.espalier.configs.custom.CustomMember}.
 * It implements the sub-interface of its family, which says what it makes: {@code ScoreProvider},
 * {@code AllocationProvider}, {@code ScheduleProvider} or {@code DataProvider}.
 *
 * <p>A member holds no state: one run may make several instances, and call each more than once.
 */
public interface CustomMember {
  CustomFamily family();

  /** What recipes call it: lower-case words joined by hyphens. No built-in member has that name. */
  String name();

  /** The keys that a recipe may give beside the name. */
  default CustomKeys keys() {
    return CustomKeys.NONE;
  }

  /**
   * Refuses settings that make no sense, while the recipe is read.
   *
   * @throws io.espalier.configs.Rules.BrokenRulesException naming each key that breaks a rule
   */
  default void check(CustomSettings settings) {}
}
