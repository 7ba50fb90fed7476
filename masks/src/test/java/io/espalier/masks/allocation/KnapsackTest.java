package io.espalier.masks.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KnapsackTest {
  private static final List<List<KnapsackOption>> THREE =
      List.of(
          options(5, 2, 8, 4, 9, 6, 9.5, 8),
          options(4, 3, 7, 6, 9, 9, 10, 12),
          options(6, 1, 7, 5));

  /** Values and costs in turn. */
  private static List<KnapsackOption> options(double... numbers) {
    List<KnapsackOption> options = new ArrayList<>();
    for (int i = 0; i < numbers.length; i += 2) {
      options.add(new KnapsackOption(numbers[i], numbers[i + 1]));
    }
    return options;
  }

  @ParameterizedTest
  @CsvSource({
    "6, 15, 6, 0 0 0",
    "9, 18, 8, 1 0 0",
    "12, 21, 11, 1 1 0",
    "18, 24.5, 18, 3 2 0",
  })
  void choice_ofThreeGroups_isTheWorkedOne(double budget, double value, double cost, String taken) {
    KnapsackChoice choice = Knapsack.choose(THREE, budget).orElseThrow();

    assertThat(choice.value()).isEqualTo(value);
    assertThat(choice.cost()).isEqualTo(cost);
    assertThat(choice.options().toString().replaceAll("[\\[\\],]", "")).isEqualTo(taken);
    assertThat(choice.isOptimal()).isTrue();
  }

  @Test
  void choice_underABudgetThatNothingFits_isEmpty() {
    assertThat(Knapsack.choose(THREE, 5.99)).isEmpty();
    assertThat(Knapsack.choose(List.of(options(1, 1), List.of()), 5)).isEmpty();
  }

  @Test
  void choice_amongOptionsWorthTheSame_isTheCheapestThenTheEarlier() {
    List<List<KnapsackOption>> groups = List.of(options(3, 2, 3, 1, 3, 1), options(0, 0));

    assertThat(Knapsack.choose(groups, 2).orElseThrow().options()).containsExactly(1, 0);
  }

  @Test
  void options_thatAreNoNumbers_areRefused() {
    assertThatThrownBy(() -> new KnapsackOption(-1, 0)).hasMessageContaining("value=-1.0");
    assertThatThrownBy(() -> new KnapsackOption(1, Double.NaN)).hasMessageContaining("cost=NaN");
  }

  private static Optional<Double> bruteForce(
      List<List<KnapsackOption>> groups, int group, double value, double cost, double budget) {
    if (group == groups.size()) {
      return cost <= budget ? Optional.of(value) : Optional.empty();
    }
    return groups.get(group).stream()
        .flatMap(
            option ->
                bruteForce(groups, group + 1, value + option.value(), cost + option.cost(), budget)
                    .stream())
        .max(Double::compare);
  }

  private static void assertConsistent(
      List<List<KnapsackOption>> groups, KnapsackChoice choice, double budget) {
    double value = 0;
    double cost = 0;
    for (int g = 0; g < groups.size(); g++) {
      value += groups.get(g).get(choice.options().get(g)).value();
      cost += groups.get(g).get(choice.options().get(g)).cost();
    }
    assertThat(choice.value()).isEqualTo(value);
    assertThat(choice.cost()).isEqualTo(cost).isLessThanOrEqualTo(budget);
  }

  @Property(tries = 2000, seed = "1")
  void choice_ofSmallGroups_isWhatBruteForceFinds(
      @ForAll @IntRange(min = 1, max = 4) int count,
      @ForAll boolean whole,
      @ForAll @DoubleRange(min = 0, max = 1) double share,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<List<KnapsackOption>> groups = new ArrayList<>();
    double most = 0;
    for (int g = 0; g < count; g++) {
      List<KnapsackOption> options = new ArrayList<>();
      int size = 1 + random.nextInt(6);
      for (int o = 0; o < size; o++) {
        options.add(
            whole
                ? new KnapsackOption(random.nextInt(8), random.nextInt(8))
                : new KnapsackOption(random.nextDouble(), random.nextDouble()));
      }
      groups.add(options);
      most += whole ? 8 : 1;
    }
    double budget = share * most;

    Optional<KnapsackChoice> choice = Knapsack.choose(groups, budget);

    assertThat(choice.map(KnapsackChoice::value)).isEqualTo(bruteForce(groups, 0, 0, 0, budget));
    choice.ifPresent(each -> assertConsistent(groups, each, budget));
  }

  @Property(tries = 100, seed = "1")
  void choice_ofWholeCosts_isThatOfTheDynamicProgramme(
      @ForAll @IntRange(min = 1, max = 12) int count,
      @ForAll @IntRange(min = 1, max = 2000) int budget,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<List<KnapsackOption>> groups = new ArrayList<>();
    for (int g = 0; g < count; g++) {
      groups.add(rising(random, 1 + random.nextInt(24), true));
    }

    OptionalDouble expected = IntegerKnapsack.value(groups, budget);
    Optional<KnapsackChoice> choice = Knapsack.choose(groups, budget);

    assertThat(choice.isPresent()).isEqualTo(expected.isPresent());
    choice.ifPresent(
        each -> {
          assertThat(each.value()).isCloseTo(expected.orElseThrow(), within(1e-9));
          assertThat(each.isOptimal()).isTrue();
          assertConsistent(groups, each, budget);
        });
  }

  /** As channels give them: each further one costs as much and is worth less. */
  private static List<KnapsackOption> rising(Random random, int channels, boolean whole) {
    double[] scores = random.doubles(channels).map(score -> -score).sorted().toArray();
    double price = whole ? 1 + random.nextInt(30) : 1 + 30 * random.nextDouble();
    List<KnapsackOption> options = new ArrayList<>();
    double value = 0;
    for (int c = 0; c < channels; c++) {
      value -= scores[c];
      options.add(new KnapsackOption(value, (c + 1) * price));
    }
    return options;
  }

  @Test
  void choice_withinBoundedStates_saysHowMuchBetterAnotherMightBe() {
    // Given options that are worth what they cost, of which no relaxation tells the better
    Random random = new Random(7);
    List<List<KnapsackOption>> groups = new ArrayList<>();
    for (int g = 0; g < 10; g++) {
      groups.add(random.doubles(3).mapToObj(cost -> new KnapsackOption(cost, cost)).toList());
    }

    // When
    KnapsackChoice exact = Knapsack.choose(groups, 4).orElseThrow();
    KnapsackChoice bounded = Knapsack.choose(groups, 4, 3).orElseThrow();

    // Then
    assertThat(Optional.of(exact.value())).isEqualTo(bruteForce(groups, 0, 0, 0, 4));
    assertThat(exact.isOptimal()).isTrue();
    assertThat(bounded.isOptimal()).isFalse();
    assertThat(bounded.value()).isLessThan(exact.value());
    assertThat(bounded.bound()).isGreaterThanOrEqualTo(exact.value());
    assertConsistent(groups, bounded, 4);
  }

  @Test
  void choice_ofManyLongGroups_isExactWithinItsStates() {
    Random random = new Random(3);
    List<List<KnapsackOption>> groups = new ArrayList<>();
    double all = 0;
    for (int g = 0; g < 60; g++) {
      List<KnapsackOption> options = rising(random, g % 3 == 0 ? 512 : 64, false);
      groups.add(options);
      all += options.get(options.size() - 1).cost();
    }

    KnapsackChoice choice = Knapsack.choose(groups, .4 * all).orElseThrow();

    assertThat(choice.isOptimal()).isTrue();
    assertConsistent(groups, choice, .4 * all);
  }
}
