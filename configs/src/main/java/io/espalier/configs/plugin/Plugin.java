package io.espalier.configs.plugin;

import io.espalier.configs.MemberSettings;
import java.util.Map;

/**
 * One choice of a kind, which recipes name.
 *
 * <p>Built-in plug-ins are listed by the {@link BuiltInPlugins} of their kind. Users' plug-ins are
 * found by {@link java.util.ServiceLoader}: a public class with a public constructor without
 * arguments, listed in {@code META-INF/services/io.espalier.configs.plugin.Plugin}. Both implement
 * the sub-interface of their kind: {@code NetworkProvider}, {@code InitializerProvider}, {@code
 * OptimizerProvider}, {@code LearningRateProvider}, {@code ObjectiveProvider}, {@code
 * StepRuleProvider}, {@code ScoreProvider}, {@code AllocationProvider}, {@code SelectionProvider},
 * {@code UnitsProvider}, {@code ScheduleProvider}, {@code MaskKindProvider}, {@code
 * RegrowthProvider}, {@code RefitProvider}, {@code StatisticObserverProvider} or {@code
 * DataProvider}. A plug-in holds no state: one run may make several instances, and call each more
 * than once.
 */
public interface Plugin {
  PluginKind kind();

  /** The name in recipes: lower-case words joined by hyphens, unique within its kind. */
  String name();

  /** The keys that a recipe may give beside the name, with their defaults. */
  default PluginKeys keys() {
    return PluginKeys.NONE;
  }

  /**
   * Plug-ins of other kinds that this one needs, by kind: a recipe that names none gets them, and
   * one that names others is refused.
   */
  default Map<PluginKind, String> needs() {
    return Map.of();
  }

  /**
   * Refuses invalid settings while the recipe is read.
   *
   * @throws io.espalier.configs.Rules.BrokenRulesException naming each key that breaks a rule
   */
  default void check(MemberSettings settings) {}
}
